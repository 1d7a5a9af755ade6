import type { Mailer, Receipt, SendSettings } from '@mailgun-smtp/core'
import { environmentMailer } from './define-mailer.ts'
import { withRenderedBody, type MailMessage } from './react-body.ts'
import { afterResponse } from '../request/request.ts'

/** Settings of {@link sendMailAfter}. */
export interface SendMailAfterSettings extends SendSettings {
  /** Default: the mailer of the environment. */
  readonly mailer?: Mailer | undefined
  /** After Mailgun took the mail. */
  readonly onSuccess?: ((receipt: Receipt) => void | Promise<void>) | undefined
  /** Told of every failure. Default: `console.error`. */
  readonly onError?: ((error: unknown) => void | Promise<void>) | undefined
}

/**
 * Sends a mail with the mailer of the environment, from a route handler or from your own action.
 *
 * Await it: on a serverless platform, what is not awaited may never leave.
 *
 * @throws {InvalidOptionError} if the message cannot be sent as meant; nothing was sent.
 * @throws {DeliveryError} if Mailgun did not accept it, or you cannot tell.
 */
export async function sendMail(message: MailMessage, settings?: SendSettings): Promise<Receipt> {
  return await environmentMailer.send(await withRenderedBody(message), settings)
}

/**
 * Sends a mail when the response is gone, by `after` of Next.js, which keeps a serverless process awake until then.
 * Outside a request it sends at once. It never rejects: what fails is told to `onError`.
 */
export async function sendMailAfter(
  message: MailMessage,
  { mailer = environmentMailer, onSuccess, onError, ...settings }: SendMailAfterSettings = {},
): Promise<void> {
  await afterResponse(async () => {
    try {
      const receipt = await mailer.send(await withRenderedBody(message), settings)
      await onSuccess?.(receipt)
    } catch (error) {
      try {
        if (onError) await onError(error)
        else console.error('A mail was not sent after the response:', error)
      } catch (second) {
        console.error('onError of sendMailAfter failed:', second)
      }
    }
  })
}
