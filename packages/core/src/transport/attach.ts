import type {
  Headers,
  MailMessage,
  SendMailOptions,
  SentMessageInfo,
  Transporter,
} from 'nodemailer'
import type { Readable } from 'node:stream'
import { callbackify } from 'node:util'
import { refuseDisguises } from '../message/disguises.ts'
import { readFields } from '../message/field-values.ts'
import { headerEntries } from '../message/header-entries.ts'
import { refuseMisspeltFields, shadowInherited } from '../message/known-fields.ts'
import { readLateContent } from '../message/late-content.ts'
import { withListFields } from '../message/list-fields.ts'
import { type MailgunMessage, refuse, refuseEndlessAddresses } from '../message/message.ts'
import { copyParts } from '../message/parts.ts'
import { addressedVariables } from '../message/recipient-variables.ts'
import { buildHeaders } from '../options/header-fields.ts'
import { isPlainObject } from '../options/json.ts'
import { mailboxesIn } from '../options/mailboxes.ts'
import { mergeOptions } from '../options/merge.ts'
import { isMerged } from '../options/merged.ts'
import type { MailgunOptions } from '../options/options.ts'
import { scopeLayers } from '../options/scope.ts'
import { MailgunError } from '../outcome/errors.ts'
import { conclude } from '../outcome/conclusion.ts'
import { judge } from '../outcome/judgement.ts'
import { loginOf, type Login } from '../outcome/login.ts'
import { fold } from '../outcome/recipient-list.ts'
import type { TransactionRecord } from '../session/transaction-record.ts'
import { recordOfError, recordOfInfo, type NodemailerSend } from './nodemailer-record.ts'
import { once } from '../process-wide.ts'
import { bodyOpener } from './body.ts'
import { type Sealed, seal } from './header-block.ts'
import { followerOf } from './progress.ts'

/** A nodemailer transporter whose messages take Mailgun's options in `mailgun`. */
export interface MailgunTransporter<Info = SentMessageInfo> extends Omit<
  Transporter<Info>,
  'sendMail'
> {
  /** Sends a message. Rejects with `InvalidOptionError` before anything is sent, and `DeliveryError` after. */
  sendMail(message: MailgunMessage): Promise<Info>
  sendMail(message: MailgunMessage, callback: (error: Error | null, info: Info) => void): void
}

const attached = Symbol.for('@mailgun-smtp/core/attached')

// Two transporters may share an inner one, whose `send` is then wrapped for each.
const messages = once('sealed/v1', () => new WeakMap<object, Sealed>())

/**
 * Teaches a nodemailer transporter Mailgun's options: a message's `mailgun`, merged over the scope's options and
 * the transporter's defaults, becomes `X-Mailgun-` headers. Attaching twice does nothing more.
 *
 * Its failures become `DeliveryError`s, which tell "not sent" from "you cannot tell".
 */
export function attachMailgun<Info = SentMessageInfo>(
  transporter: Transporter<Info>,
): MailgunTransporter<Info> {
  if (!Reflect.get(transporter, attached)) {
    Object.defineProperty(transporter, attached, { value: true })
    // nodemailer's own plugin for data URLs reads files before ours runs, and a message may not open what the config closed.
    transporter._defaults = {
      disableFileAccess: true,
      disableUrlAccess: true,
      ...transporter._defaults,
    }
    transporter.use('compile', (mail, done) => {
      let late: Promise<void> | undefined
      try {
        messages.set(mail, compile(mail.data, transporter._defaults))
        late = readLateContent(mail.data)
      } catch (error) {
        done(asError(error))
        return
      }
      if (late) callbackify(() => late)((error) => done(error ? asError(error) : null))
      else done()
    })
    wrapSend(transporter)
  }
  // The object is the same; only its type now takes `mailgun`.
  return transporter as MailgunTransporter<Info>
}

/** Options become headers, on nodemailer's own copy of the message: the caller's objects stay as they are. */
function compile(data: SendMailOptions & MailgunMessage, defaults: MailgunMessage): Sealed {
  refuse(data, 'idempotencyKey', 'needs a mailer: createMailer(transporter) keeps keys')
  refuseMisspeltFields(data)
  shadowInherited(data)
  refuseEndlessAddresses(data)
  const options = addressed(optionsOf(data.mailgun, defaults.mailgun), data)
  readFields(data)
  copyParts(data)
  refuseDisguises(data)
  const own = withListFields(headerEntries(data.headers), data.list)
  delete data.list
  const headers = buildHeaders(options)
  data.headers = [...own, ...headerEntries(headers)] as Headers
  return { options, headers }
}

/** The options with recipient variables as RCPT will name the recipients. */
function addressed(options: MailgunOptions, message: SendMailOptions): MailgunOptions {
  const { recipientVariables } = options
  if (!isPlainObject(recipientVariables)) return options
  const fields = message.envelope ? [message.envelope.to] : []
  const recipients = [message.to, message.cc, message.bcc, ...fields].flatMap(mailboxesIn)
  return { ...options, recipientVariables: addressedVariables(recipientVariables, recipients) }
}

function optionsOf(
  own: MailgunOptions | undefined,
  defaults: MailgunOptions | undefined,
): MailgunOptions {
  // A mailer merges where the message enters; merging again would bring back what was cleared there.
  if (own && isMerged(own)) return own
  // nodemailer fills a message without `mailgun` with the defaults' object.
  return mergeOptions(defaults, ...scopeLayers(), own === defaults ? undefined : own)
}

/** The inner `send` comes after every plugin, so what it is handed is what leaves. */
function wrapSend<Info>(transporter: Transporter<Info>): void {
  const inner = transporter.transporter
  const send = inner.send.bind(inner)
  inner.send = (mail, callback) => {
    let body: Readable | undefined
    const progress = followerOf(mail.data.signal)
    try {
      // No entry: a plugin replaced the message object, so nothing vouches for it.
      seal(mail as MailMessage, messages.get(mail) ?? { options: {}, headers: {} })
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
      return callback(failedOnce(record, loginOf(transporter, mail.data.auth)))
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

/** The error of a message that is tried once. */
function failedOnce(record: TransactionRecord, login: Login): Error {
  const recipients = fold([], judge(record, login))
  try {
    conclude({ ...record, recipients, attempts: 1 })
  } catch (error) {
    return asError(error)
  }
  return new Error('The final reply cannot be read.')
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error('The message could not be compiled.')
}
