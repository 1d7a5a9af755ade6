import type { SentMessageInfo, Transporter } from 'nodemailer'
import type { MailgunMessage } from '../message/message.ts'

/** A nodemailer transporter whose messages take Mailgun's options in `mailgun`. */
export interface MailgunTransporter<Info = SentMessageInfo> extends Omit<
  Transporter<Info>,
  'sendMail'
> {
  /** Sends a message. Rejects with `InvalidOptionError` before anything is sent, and `DeliveryError` after. */
  sendMail(message: MailgunMessage): Promise<Info>
  sendMail(message: MailgunMessage, callback: (error: Error | null, info: Info) => void): void
}

/** What a transporter adds to every message: nodemailer has no public name for it. */
export function defaultsOf<Info>(transporter: MailgunTransporter<Info>): MailgunMessage {
  return transporter._defaults
}
