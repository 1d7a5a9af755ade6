import type { ServerResponse } from 'node:http'
import {
  ConfigError,
  type Mailer,
  type MailgunMessage,
  type Receipt,
  type SendSettings,
} from '@mailgun-smtp/core'
import type { DeferredMail } from './later.ts'
import { renderHtml, renderMail } from './render.ts'
import { withinLayers } from './request-layers.ts'

/** Settings of a mail after the response. */
export interface LaterSettings extends SendSettings {
  /** Called when the response has ended. Its result says whether to send the mail. Default: always send. */
  readonly when?: ((res: ServerResponse) => boolean) | undefined
}

/** A message, or what makes it once it is to be sent. */
export type LaterMessage = MailgunMessage | (() => MailgunMessage | Promise<MailgunMessage>)

/** `res.mail`: sends a mail from a request handler. */
export interface ResMail {
  /**
   * Sends a message, with the options that `mailgunOptions()` set for this route.
   *
   * @throws {InvalidOptionError} if the message cannot be sent as meant; nothing was sent.
   * @throws {DeliveryError} if Mailgun did not accept it, or you cannot tell.
   */
  (message: MailgunMessage, settings?: SendSettings): Promise<Receipt>
  /**
   * Sends a message whose HTML is a view of the app, rendered with its own engine, `app.locals` and `res.locals`.
   * Layouts are off unless `locals` names one. Without a `text`, it is the view `<view>.text`, or made from the HTML.
   */
  readonly render: (
    view: string,
    locals: object | undefined,
    message: Omit<MailgunMessage, 'html'>,
    settings?: SendSettings,
  ) => Promise<Receipt>
  /**
   * Sends a message after the response, also if the client is gone by then. It never throws: what fails is told to
   * `onError` only. At most `maxPending` mails wait.
   */
  readonly later: (message: LaterMessage, settings?: LaterSettings) => void
  /** The same for the mailer that `mailgun(config, { name })` registered. */
  readonly via: (name: string) => ResMail
}

declare global {
  namespace Express {
    // Declared here too, so that the name exists in a program without Express's types.
    interface Request {}
    interface Response {
      /** Sends a mail. `mailgun()` must be in use before this handler. */
      mail: ResMail
    }
  }
}

/** A mailer as one `mailgun()` registers it for the requests that pass through. */
export interface RegisteredMailer {
  readonly name: string
  readonly mailerFor: (res: ServerResponse) => Mailer
  /** @throws {ConfigError} after `close`. */
  readonly checkOpen: () => void
  readonly laterMails: { readonly add: (deferred: DeferredMail) => void }
}

/** The name of the mailer behind `res.mail` itself. */
export const defaultName: string = 'default'

const mailersKey: unique symbol = Symbol.for('@mailgun-smtp/express.mailers')

type MailResponse = ServerResponse & {
  [mailersKey]?: Map<string, RegisteredMailer>
  mail?: ResMail
}

/**
 * Puts a mailer on the response, and `res.mail` with the first one.
 *
 * @throws {ConfigError} if another `mailgun()` has put one there under the same name.
 */
export function registerMailer(res: MailResponse, registered: RegisteredMailer): void {
  const mailers = (res[mailersKey] ??= new Map<string, RegisteredMailer>())
  const { name } = registered
  const present = mailers.get(name)
  if (present && present !== registered) {
    throw new ConfigError(
      `Two mailgun() middlewares have the name '${name}': give one of them { name }.`,
      'ERR_MAILGUN_DUPLICATE_MAILER',
    )
  }
  mailers.set(name, registered)
  res.mail ??= createResMail(res, defaultName)
}

function createResMail(res: MailResponse, name: string): ResMail {
  // Async, so that every failure is a rejection.
  const mail = async (message: MailgunMessage, settings?: SendSettings): Promise<Receipt> => {
    const { checkOpen, mailerFor } = registeredMailer(res, name)
    checkOpen()
    return await withinLayers(res, () => mailerFor(res).send(message, settings))
  }
  return Object.assign(mail, {
    async render(
      view: string,
      locals: object | undefined,
      message: MailgunMessage,
      settings?: SendSettings,
    ): Promise<Receipt> {
      const bodies =
        message.text === undefined
          ? await renderMail(res, view, locals)
          : { html: await renderHtml(res, view, locals) }
      return await mail({ ...message, ...bodies }, settings)
    },
    later(message: LaterMessage, settings: LaterSettings = {}): void {
      const deferred: DeferredMail = {
        res,
        message: typeof message === 'function' ? undefined : message,
        async send() {
          const { when, ...own } = settings
          if (when && !when(res)) return
          const { mailerFor } = registeredMailer(res, name)
          if (typeof message === 'function') deferred.message = await message()
          await mailerFor(res).send(deferred.message as MailgunMessage, own)
        },
      }
      // An unknown name has no `onError` of its own, so the first mailer's is called.
      const mailers = res[mailersKey]
      const [first] = mailers?.values() ?? []
      const { laterMails } = mailers?.get(name) ?? first ?? registeredMailer(res, name)
      withinLayers(res, () => laterMails.add(deferred))
    },
    via: (other: string): ResMail => createResMail(res, other),
  })
}

/** @throws {ConfigError} if no mailer is registered under the name. */
function registeredMailer(res: MailResponse, name: string): RegisteredMailer {
  const mailers = res[mailersKey] ?? new Map<string, RegisteredMailer>()
  const registered = mailers.get(name)
  if (registered) return registered
  const known = Array.from(mailers.keys(), (other) => `'${other}'`).join(', ')
  throw new ConfigError(
    `No mailgun() has the name '${name}' before this handler; there is ${known}.`,
    'ERR_MAILGUN_UNKNOWN_MAILER',
  )
}
