import type { IncomingMessage, ServerResponse } from 'node:http'
import {
  ConfigError,
  type Mailer,
  type MailgunMessage,
  type Receipt,
  type SendSettings,
} from '@mailgun-smtp/core'
import type { LaterMails } from './later.ts'
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
export interface MailerOffer<Request extends IncomingMessage> {
  readonly name: string
  readonly mailerFor: (req: Request) => Mailer
  /** @throws {ConfigError} after `close`. */
  readonly checkOpen: () => void
  readonly laterMails: LaterMails<Request>
}

/** An offer, to one request. */
interface OpenOffer {
  readonly offer: unknown
  readonly checkOpen: () => void
  readonly mailer: () => Mailer
  readonly later: (message: MailgunMessage | undefined, send: Sending) => void
}

/** Sends a mail; `made` hears of a message that was made only now. */
type Sending = (made: (message: MailgunMessage) => void) => Promise<unknown>

const offersKey: unique symbol = Symbol.for('@mailgun-smtp/express.offers')

type MailResponse = ServerResponse & {
  [offersKey]?: Map<string, OpenOffer>
  mail?: ResMail
}

/**
 * Puts a mailer on the response, and `res.mail` with the first one.
 *
 * @throws {ConfigError} if another `mailgun()` has put one there under the same name.
 */
export function offerMailer<Request extends IncomingMessage>(
  req: Request,
  res: MailResponse,
  offer: MailerOffer<Request>,
): void {
  const offers = (res[offersKey] ??= new Map<string, OpenOffer>())
  const present = offers.get(offer.name)
  if (present && present.offer !== offer) {
    throw new ConfigError(
      `Two mailgun() middlewares are in use under the name '${offer.name}': give one of them { name }.`,
    )
  }
  offers.set(offer.name, {
    offer,
    checkOpen: offer.checkOpen,
    mailer: () => offer.mailerFor(req),
    later(message, send) {
      const errand = {
        req,
        res,
        message,
        send: () =>
          send((made) => {
            errand.message = made
          }),
      }
      offer.laterMails.add(errand)
    },
  })
  res.mail ??= createResMail(res, defaultName)
}

/** The name of the mailer behind `res.mail` itself. */
export const defaultName: string = 'default'

function createResMail(res: MailResponse, name: string): ResMail {
  // Async, so that every failure is a rejection.
  const mail = async (message: MailgunMessage, settings?: SendSettings): Promise<Receipt> => {
    const { checkOpen, mailer } = offerOf(res, name)
    checkOpen()
    return await withinLayers(res, () => mailer().send(message, settings))
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
      const send: Sending = async (made) => {
        const { when, ...own } = settings
        if (when && !when(res)) return
        const { mailer } = offerOf(res, name)
        const final = typeof message === 'function' ? await message() : message
        made(final)
        await mailer().send(final, own)
      }
      // A name that nobody registered has nobody to tell: the first mailer's `onError` hears of it.
      const offers = res[offersKey]
      const [first] = offers?.values() ?? []
      const { later } = offers?.get(name) ?? first ?? offerOf(res, name)
      withinLayers(res, () => later(typeof message === 'function' ? undefined : message, send))
    },
    via: (other: string): ResMail => createResMail(res, other),
  })
}

function offerOf(res: MailResponse, name: string): OpenOffer {
  const offer = res[offersKey]?.get(name)
  if (offer) return offer
  const known = [...(res[offersKey]?.keys() ?? [])].map((other) => `'${other}'`).join(', ')
  throw new ConfigError(
    `No mailgun() is in use under the name '${name}' before this handler; there is ${known}.`,
  )
}
