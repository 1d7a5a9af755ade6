import type { ServerResponse } from 'node:http'
import {
  ConfigError,
  type Mailer,
  type MailgunMessage,
  type Receipt,
  type SendSettings,
} from '@mailgun-smtp/core'
import { renderView } from './render.ts'
import { withinLayers } from './request-layers.ts'

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
   * Layouts are off unless `locals` names one.
   */
  readonly render: (
    view: string,
    locals: object | undefined,
    message: Omit<MailgunMessage, 'html'>,
    settings?: SendSettings,
  ) => Promise<Receipt>
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
export interface MailerOffer<Request> {
  readonly name: string
  readonly mailerFor: (req: Request) => Mailer
}

const offersKey: unique symbol = Symbol.for('@mailgun-smtp/express.offers')

type MailResponse = ServerResponse & {
  [offersKey]?: Map<string, { readonly offer: unknown; readonly mailer: () => Mailer }>
  mail?: ResMail
}

/**
 * Puts a mailer on the response, and `res.mail` with the first one.
 *
 * @throws {ConfigError} if another `mailgun()` has put one there under the same name.
 */
export function offerMailer<Request>(
  req: Request,
  res: MailResponse,
  offer: MailerOffer<Request>,
): void {
  const offers = (res[offersKey] ??= new Map())
  const present = offers.get(offer.name)
  if (present && present.offer !== offer) {
    throw new ConfigError(
      `Two mailgun() middlewares are in use under the name '${offer.name}': give one of them { name }.`,
    )
  }
  offers.set(offer.name, { offer, mailer: () => offer.mailerFor(req) })
  res.mail ??= createResMail(res, defaultName)
}

/** The name of the mailer behind `res.mail` itself. */
export const defaultName: string = 'default'

function createResMail(res: MailResponse, name: string): ResMail {
  // Async, so that every failure is a rejection.
  const mail = async (message: MailgunMessage, settings?: SendSettings): Promise<Receipt> => {
    const mailer = mailerOf(res, name)
    return await withinLayers(res, () => mailer.send(message, settings))
  }
  return Object.assign(mail, {
    async render(
      view: string,
      locals: object | undefined,
      message: MailgunMessage,
      settings?: SendSettings,
    ): Promise<Receipt> {
      const html = await renderView(res, view, locals ?? {})
      return await mail({ ...message, html }, settings)
    },
    via: (other: string): ResMail => createResMail(res, other),
  })
}

function mailerOf(res: MailResponse, name: string): Mailer {
  const offer = res[offersKey]?.get(name)
  if (!offer) {
    const known = [...(res[offersKey]?.keys() ?? [])].map((other) => `'${other}'`).join(', ')
    throw new ConfigError(
      `No mailgun() is in use under the name '${name}' before this handler; there is ${known}.`,
    )
  }
  return offer.mailer()
}
