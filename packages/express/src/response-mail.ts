import type { ServerResponse } from 'node:http'
import {
  ConfigError,
  type Mailer,
  type MailgunMessage,
  type Receipt,
  type SendSettings,
} from '@mailgun-smtp/core'
import type { Errand } from './later.ts'
import { renderHtml, renderMail } from './render.ts'
import { withinLayers } from './request-layers.ts'

/** Settings of a mail after the response. */
export interface LaterSettings extends SendSettings {
  /** Asked when the response has ended: whether the mail is to be sent. Default: always. */
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
   * @throws {DeliveryError} if Mailgun did not accept it, or nobody knows.
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

/** A mailer as one `mailgun()` offers it to the requests that pass through. */
export interface MailerOffer {
  readonly name: string
  readonly mailerFor: (res: ServerResponse) => Mailer
  /** @throws {ConfigError} after `close`. */
  readonly checkOpen: () => void
  readonly laterMails: { readonly add: (errand: Errand) => void }
}

/** The name of the mailer behind `res.mail` itself. */
export const defaultName: string = 'default'

const offersKey: unique symbol = Symbol.for('@mailgun-smtp/express.offers')

type MailResponse = ServerResponse & {
  [offersKey]?: Map<string, MailerOffer>
  mail?: ResMail
}

/**
 * Puts a mailer on the response, and `res.mail` with the first one.
 *
 * @throws {ConfigError} if another `mailgun()` has put one there under the same name.
 */
export function offerMailer(res: MailResponse, offer: MailerOffer): void {
  const offers = (res[offersKey] ??= new Map<string, MailerOffer>())
  const { name } = offer
  const present = offers.get(name)
  if (present && present !== offer) {
    throw new ConfigError(
      `Two mailgun() middlewares are in use under the name '${name}': give one of them { name }.`,
      'ERR_MAILGUN_DUPLICATE_MAILER',
    )
  }
  offers.set(name, offer)
  res.mail ??= createResMail(res, defaultName)
}

function createResMail(res: MailResponse, name: string): ResMail {
  // Async, so that every failure is a rejection.
  const mail = async (message: MailgunMessage, settings?: SendSettings): Promise<Receipt> => {
    const { checkOpen, mailerFor } = offerOf(res, name)
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
      const errand: Errand = {
        res,
        message: typeof message === 'function' ? undefined : message,
        async send() {
          const { when, ...own } = settings
          if (when && !when(res)) return
          const { mailerFor } = offerOf(res, name)
          if (typeof message === 'function') errand.message = await message()
          await mailerFor(res).send(errand.message as MailgunMessage, own)
        },
      }
      // A name that nobody registered has nobody to tell: the first mailer's `onError` hears of it.
      const offers = res[offersKey]
      const [first] = offers?.values() ?? []
      const { laterMails } = offers?.get(name) ?? first ?? offerOf(res, name)
      withinLayers(res, () => laterMails.add(errand))
    },
    via: (other: string): ResMail => createResMail(res, other),
  })
}

/** @throws {ConfigError} if nobody offers a mailer under the name. */
function offerOf(res: MailResponse, name: string): MailerOffer {
  const offers = res[offersKey] ?? new Map<string, MailerOffer>()
  const offer = offers.get(name)
  if (offer) return offer
  const known = Array.from(offers.keys(), (other) => `'${other}'`).join(', ')
  throw new ConfigError(
    `No mailgun() is in use under the name '${name}' before this handler; there is ${known}.`,
    'ERR_MAILGUN_UNKNOWN_MAILER',
  )
}
