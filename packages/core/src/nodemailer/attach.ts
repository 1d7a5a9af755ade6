import type { MailMessage, SentMessageInfo, Transporter } from 'nodemailer'
import type { Readable } from 'node:stream'
import { errorOfRecord } from '../outcome/conclusion.ts'
import { MailgunError } from '../outcome/errors.ts'
import { loginOf } from '../outcome/login.ts'
import { once } from '../process-wide.ts'
import { bodyOpener } from './body.ts'
import { addCompileStep, checkBuilt } from './compile-step.ts'
import type { MailgunTransporter } from './mailgun-transporter.ts'
import type { NodemailerTransporter } from './nodemailer-transporter.ts'
import { recordOfError, recordOfInfo, type NodemailerSend } from './nodemailer-record.ts'
import { followerOf } from './progress.ts'

// One for all copies of this package: attaching twice would add every header twice.
const attached = once('attached/v1', () => new WeakSet<object>())

/**
 * Teaches a nodemailer transporter Mailgun's options: a message's `mailgun`, merged over the scope's options and
 * the transporter's defaults, becomes `X-Mailgun-` headers. Attaching twice does nothing more.
 *
 * It takes a transporter of nodemailer 6 to 10, with the types of either. Its failures become `DeliveryError`s, which tell "not sent" from "you cannot tell".
 */
export function attachMailgun<Info = SentMessageInfo>(
  transporter: NodemailerTransporter<Info>,
): MailgunTransporter<Info> {
  // nodemailer 6 to 10 have the same parts, though their types differ.
  const own = transporter as Transporter<Info>
  if (!isAttached(own)) {
    attached.add(own)
    addCompileStep(own)
    wrapSend(own)
  }
  // The object is the same; only its type now takes `mailgun`.
  return own as MailgunTransporter<Info>
}

/** Also if it inherits from an attached one: the NestJS module gives such an object other defaults. */
function isAttached(transporter: object): boolean {
  let place: object | null = transporter
  while (place && !attached.has(place)) place = Object.getPrototypeOf(place) as object | null
  return place !== null
}

/** The inner `send` comes after every plugin, so what it is handed is what leaves. */
function wrapSend<Info>(transporter: Transporter<Info>): void {
  const inner = transporter.transporter
  const send = inner.send.bind(inner)
  inner.send = (mail, callback) => {
    let body: Readable | undefined
    const progress = followerOf(mail.data.signal)
    try {
      checkBuilt(mail as MailMessage)
      const { message } = mail
      const open = bodyOpener(message)
      // A pool sends again by itself only while nothing was written: the newest stream is the one that counts.
      message.createReadStream = () => {
        body = open(progress?.beforeDot)
        if (progress) {
          progress.loggedIn(message.getEnvelope())
          body.once('resume', () => progress.bodyBegun())
          body.once('end', () => progress.bodyEnded())
        }
        return body
      }
    } catch (error) {
      setImmediate(() => callback(asError(error)))
      return
    }
    send(mail, (error, info) => {
      if (error instanceof MailgunError) return callback(error)
      const facts = factsOf(mail as MailMessage, body)
      if (!error && isTaken(inner.name, info)) {
        progress?.ended(recordOfInfo(info as SentMessageInfo, facts))
        return callback(null, info)
      }
      const failure = error ?? new Error('The final reply cannot be read.')
      const record = recordOfError(failure, facts)
      progress?.ended(record)
      return callback(errorOfRecord(record, loginOf(transporter, mail.data.auth)))
    })
  }
}

/** nodemailer looks at the first digit of the final reply only: `2` alone is the beginning of one that was lost. */
function isTaken(transport: string, info: unknown): boolean {
  const response: unknown = Reflect.get(Object(info), 'response')
  return (
    !transport.startsWith('SMTP') ||
    (typeof response === 'string' && /^2\d\d(?:[ -]|$)/.test(response))
  )
}

function factsOf({ message }: MailMessage, body: Readable | undefined): NodemailerSend {
  return {
    messageId: message.messageId(),
    envelope: message.getEnvelope(),
    isBuilt: true,
    isSourceRead: body !== undefined,
    isHandedOver: body?.readableEnded ?? false,
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error('The message could not be compiled.')
}
