import { IncomingMessage, type ServerResponse } from 'node:http'
import {
  buildHeaders,
  ConfigError,
  createMailer,
  isMailer,
  type Mailer,
  type MailgunOptions,
} from '@mailgun-smtp/core'
import { defaultName, type MailerOffer, offerMailer } from './response-mail.ts'

/** A config, a URL, a nodemailer transporter or a ready mailer. */
export type MailerSource = Mailer | NonNullable<Parameters<typeof createMailer>[0]>

/** The second argument of {@link mailgun}. */
export interface MailgunSettings<Request extends IncomingMessage = IncomingMessage> {
  /**
   * Options for every mail of this middleware, under those of `mailgunOptions()`.
   * A function is called with the request for each mail.
   */
  readonly defaults?: MailgunOptions | ((req: Request) => MailgunOptions) | undefined
  /** The name for `res.mail.via(name)`, for a second mailer in one app. Default: the mailer behind `res.mail` itself. */
  readonly name?: string | undefined
}

/** A `RequestHandler` of Express 4 and 5 that gives `res.mail` to the handlers after it. */
export interface MailgunMiddleware<Request extends IncomingMessage = IncomingMessage> {
  (req: Request, res: ServerResponse, next: (error?: unknown) => void): void
  /** For mail outside a request: jobs, scripts. */
  readonly mailer: Mailer
  /** Waits for the sends in flight, then closes the mailer, unless it was handed in ready-made. */
  readonly close: () => Promise<void>
  readonly [Symbol.asyncDispose]: () => Promise<void>
}

/**
 * Gives `res.mail` to the handlers after it. Without a source, the environment is read at the first send.
 *
 * @throws {ConfigError} if the source cannot lead to a connection.
 * @throws {InvalidOptionError} for `defaults` that no mail could carry.
 */
export function mailgun<Request extends IncomingMessage = IncomingMessage & Express.Request>(
  source?: MailerSource,
  settings: MailgunSettings<Request> = {},
): MailgunMiddleware<Request> {
  if (source instanceof IncomingMessage) {
    throw new ConfigError('mailgun is not a middleware, it makes one: write app.use(mailgun()).')
  }
  const { defaults, name = defaultName } = settings
  if (typeof defaults === 'object') buildHeaders(defaults)
  const ready = isMailer(source)
  const given = ready ? source : createMailer(source)
  const mailer = typeof defaults === 'object' ? given.withDefaults(defaults) : given
  const offer: MailerOffer<Request> = {
    name,
    mailerFor: (req) =>
      typeof defaults === 'function' ? mailer.withDefaults(defaults(req)) : mailer,
  }
  const close = async (): Promise<void> => {
    if (!ready) await given.close()
  }
  const handle = (req: Request, res: ServerResponse, next: (error?: unknown) => void): void => {
    offerMailer(req, res, offer)
    next()
  }
  return Object.assign(handle, { mailer, close, [Symbol.asyncDispose]: close })
}
