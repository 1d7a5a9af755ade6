import { IncomingMessage, type ServerResponse } from 'node:http'
import type { Server } from 'node:net'
import {
  type CloseSettings,
  ConfigError,
  createMailer,
  isMailer,
  type Mailer,
} from '@mailgun-smtp/core'
import { closedError, LaterMails } from './later.ts'
import { renderMail } from './render.ts'
import { RequestDefaults } from './request-defaults.ts'
import { enterResponse, restoreLayers } from './request-layers.ts'
import { defaultName, registerMailer } from './response-mail.ts'
import { checkSettings, type MailgunSettings } from './settings.ts'

/** A config, a URL, a nodemailer transporter or a ready mailer. */
export type MailerSource = Mailer | NonNullable<Parameters<typeof createMailer>[0]>

/** A `RequestHandler` of Express 4 and 5 that gives `res.mail` to the handlers after it. */
export interface MailgunMiddleware<Request extends IncomingMessage = IncomingMessage> {
  (req: Request, res: ServerResponse, next: (error?: unknown) => void): void
  /** For mail outside a request: jobs, scripts. */
  readonly mailer: Mailer
  /** Renders a view as `html` and `text` of a message, as `res.mail.render` does: of an app, outside a request. */
  readonly renderMail: typeof renderMail
  /** Resolves when no mail of `res.mail.later` is left. */
  readonly idle: () => Promise<void>
  /**
   * Takes no more, waits for the mails of `res.mail.later` and the sends in flight, then closes the mailer, unless it
   * was handed in ready-made. Closing twice is closing once.
   */
  readonly close: (settings?: CloseSettings) => Promise<void>
  /** Closes when the server has closed; of several servers, when the last one has. Returns the server. */
  readonly attach: <Listening extends Server>(server: Listening) => Listening
  readonly [Symbol.asyncDispose]: () => Promise<void>
}

/**
 * Gives `res.mail` to the handlers after it. Without a source, the environment is read at the first send.
 *
 * @throws {ConfigError} if the source cannot lead to a connection, or a setting is wrong.
 * @throws {InvalidOptionError} for `defaults` that no mail could carry.
 */
export function mailgun<Request extends IncomingMessage = IncomingMessage & Express.Request>(
  source?: MailerSource,
  settings: MailgunSettings<Request> = {},
): MailgunMiddleware<Request> {
  if (source instanceof IncomingMessage) {
    throw new ConfigError('mailgun is not a middleware, it creates one: write app.use(mailgun()).')
  }
  checkSettings(settings)
  const { defaults, name = defaultName, onError = showError, maxPending = 1000 } = settings
  const own = isMailer(source) ? undefined : createMailer(source)
  const given = own ?? (source as Mailer)
  const perRequest =
    typeof defaults === 'function' ? new RequestDefaults(given, defaults) : undefined
  const mailer =
    perRequest?.mailer ?? (typeof defaults === 'object' ? given.withDefaults(defaults) : given)
  const laterMails = new LaterMails<Request>(maxPending, onError)
  let closing: Promise<void> | undefined
  const registered = {
    name,
    mailerFor: (res: ServerResponse): Mailer => perRequest?.mailerFor(res) ?? mailer,
    checkOpen() {
      if (closing) throw closedError()
    },
    laterMails,
  }
  const handle = (_req: Request, res: ServerResponse, next: (error?: unknown) => void): void => {
    registerMailer(res, registered)
    const enter = perRequest ? enterResponse : restoreLayers
    enter(res, () => next())
  }
  const close = (closeSettings: CloseSettings = {}): Promise<void> =>
    (closing ??= drain(laterMails, own, closeSettings))
  const servers = new Set<Server>()
  return Object.assign(handle, {
    mailer,
    renderMail,
    idle: () => laterMails.idle(),
    close,
    attach<Listening extends Server>(server: Listening): Listening {
      servers.add(server)
      server.once('close', () => {
        servers.delete(server)
        if (servers.size === 0) void close()
      })
      return server
    },
    [Symbol.asyncDispose]: () => close(),
  })
}

/** How long closing may take by default, in milliseconds: under the 30 seconds that platforms leave a process. */
const patience = 25_000

/** The share of that time for the mails of `later`. The rest is for what is being handed over then. */
const laterShare = 0.8

async function drain<Request extends IncomingMessage>(
  laterMails: LaterMails<Request>,
  mailer: Mailer | undefined,
  { within = patience }: CloseSettings,
): Promise<void> {
  const begun = performance.now()
  await laterMails.drain(within * laterShare)
  if (!mailer) return
  const left = within - (performance.now() - begun)
  await mailer.close({ within: Math.max(left, within * (1 - laterShare)) })
  // What the mailer refused now is told to `onError` before the end.
  await laterMails.drain(0)
}

function showError(error: unknown): void {
  console.error('A mail after the response failed.', error)
}
