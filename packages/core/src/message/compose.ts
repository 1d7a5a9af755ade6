import { randomBytes } from 'node:crypto'
import { buildHeaders } from '../options/header-fields.ts'
import { isPlainObject } from '../options/json.ts'
import { mergeOptions } from '../options/merge.ts'
import { markMerged } from '../options/merged.ts'
import type { JsonObject } from '../options/options.ts'
import { refuseDisguises } from './disguises.ts'
import { headerEntries, headerKey } from './header-entries.ts'
import { invalid } from './invalid-message.ts'
import { type MailgunMessage, readMessage, refuse } from './message.ts'
import { fromPlain, toPlain } from './plain.ts'

/**
 * A message as plain data, for a queue: JSON carries it, and sending it gives the same bytes each time.
 * It holds the whole mail, recipients and variables too: keep it as safe as the mail.
 */
export interface ComposedMessage {
  /** The version of this form. */
  readonly mailgunSmtp: 1
  readonly message: JsonObject
}

/** Fields that a composed message never has: they are the sending mailer's, and some hold secrets or open files. */
const foreign: Readonly<Record<string, string>> = {
  _dkim: "is nodemailer's own",
  auth: 'belongs to the config',
  dkim: 'belongs to the transporter: a private key must not be in a queue',
  ses: 'belongs to another service',
}

const accessFields = ['disableFileAccess', 'disableUrlAccess'] as const

/**
 * The plain data of a final message: read, its options merged, its Message-ID fixed.
 *
 * @throws {InvalidOptionError} naming the field that cannot be sent, or that plain data cannot carry: a stream, a path.
 */
export function composeMessage(
  data: MailgunMessage & { readonly messageId: string },
): ComposedMessage {
  refuseForeign(data)
  // Refuse here what a send would refuse, while the caller can still fix it.
  refuseDisguises(data)
  buildHeaders(data.mailgun ?? {})
  const message = toPlain({
    ...data,
    // nodemailer would make these anew for each send.
    date: data.date ?? (hasDateHeader(data) ? undefined : new Date()),
    baseBoundary: data.baseBoundary ?? randomBytes(8).toString('hex'),
  })
  for (const field of accessFields) delete message[field]
  return { mailgunSmtp: 1, message }
}

/** Whether it is a composed message, of this or another version. */
export function isComposed(value: unknown): value is ComposedMessage {
  return isPlainObject(value) && Object.hasOwn(value, 'mailgunSmtp')
}

/**
 * The final message of composed data, checked like any other: any program that writes to the queue could have written it.
 *
 * @param defaults The transporter's; the message takes none of them.
 * @throws {InvalidOptionError} naming the field.
 */
export function readComposed(composed: ComposedMessage, defaults: object = {}): MailgunMessage {
  const { mailgunSmtp, message, ...others }: { mailgunSmtp: unknown; message: unknown } = composed
  if (mailgunSmtp !== 1) {
    throw invalid(
      'mailgunSmtp',
      'must be 1: another version of @mailgun-smtp/core composed this message, and can send it',
    )
  }
  if (Object.keys(others).length > 0) {
    throw invalid(
      'message',
      'must already contain everything: a composed message takes no other fields',
    )
  }
  if (!isPlainObject(message)) throw invalid('message', 'must be an object')
  refuseForeign(message)
  for (const field of accessFields) refuse(message, field, 'belongs to the config')
  if (typeof message.messageId !== 'string' || message.messageId === '') {
    throw invalid('messageId', 'must be set: without it, each send would be another message')
  }
  const fields = readMessage(fromPlain(message) as MailgunMessage)
  return {
    ...withoutDefaults(defaults),
    ...fields,
    headers: headerEntries(fields.headers) as NonNullable<MailgunMessage['headers']>,
    mailgun: markMerged(mergeOptions(fields.mailgun)),
  }
}

/** nodemailer lets the field replace the header. */
function hasDateHeader({ headers }: MailgunMessage): boolean {
  return headerEntries(headers).some(({ key }) => headerKey(key) === 'date')
}

function refuseForeign(message: object): void {
  for (const [field, rule] of Object.entries(foreign)) refuse(message, field, rule)
}

/** nodemailer fills in defaults where a field is absent; one that is there without a value stays so. */
function withoutDefaults(defaults: object): object {
  return Object.fromEntries(Object.keys(defaults).map((field) => [field, undefined]))
}
