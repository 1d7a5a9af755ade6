import type { SendMailOptions } from 'nodemailer'
import type { MailgunOptions } from '../options/options.ts'
import { maxRecipients } from '../options/registry.ts'
import { type Mailbox, readMailbox, readMailboxes } from './address.ts'
import { readFields } from './field-values.ts'
import { headerEntries, isAddressHeader } from './header-entries.ts'
import { invalid } from './invalid-message.ts'
import { shadowInherited } from './known-fields.ts'
import { readNotifications } from './notifications.ts'
import { copyParts } from './parts.ts'

/** nodemailer's message, with Mailgun's options in `mailgun`. */
export interface MailgunMessage extends SendMailOptions {
  /** Mailgun's options: the only way to set `X-Mailgun-` headers. */
  readonly mailgun?: MailgunOptions | undefined
}

/** Fields for every message of a mailer. A message's own fields replace them. Its options are merged over them. */
export interface MessageDefaults {
  /** The sender. Default: none, then each message must have one. */
  readonly from?: SendMailOptions['from']
  /** The `Sender` header, if it differs from `from`. Default: none. */
  readonly sender?: SendMailOptions['sender']
  /** Where replies go. Default: to the sender. */
  readonly replyTo?: SendMailOptions['replyTo']
  /** Further headers. A message's own header of the same name replaces one. Default: none. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** `List-` headers, in nodemailer's format. Default: none. */
  readonly list?: SendMailOptions['list']
  /** Mailgun's options. A message's own options are merged over them. Default: none. */
  readonly mailgun?: MailgunOptions | undefined
}

const single = ['from', 'sender'] as const
const several = ['to', 'cc', 'bcc', 'replyTo'] as const

/**
 * Checks a message that enters by a mailer, and copies it: each string of an address field is one address.
 *
 * @throws {InvalidOptionError} naming the field.
 */
export function readMessage(message: MailgunMessage): MailgunMessage {
  refuse(message, 'signal', 'belongs to the second argument: send(message, { signal })')
  refuse(message, 'idempotencyKey', 'belongs to the second argument of send')
  refuse(message, 'timeout', 'belongs to the second argument: send(message, { timeout })')
  refuse(message, 'auth', 'belongs to the config')
  refuseAddressHeaders(message.headers)
  const copy: SendMailOptions & { mailgun?: MailgunOptions | undefined } = { ...message }
  shadowInherited(copy)
  let recipients = 0
  for (const field of single) {
    // nodemailer takes null for an absent field.
    if (copy[field] === undefined || copy[field] === null) delete copy[field]
    else copy[field] = readSender(copy[field], field)
  }
  for (const field of several) {
    if (copy[field] === undefined || copy[field] === null) {
      delete copy[field]
      continue
    }
    const given: unknown = copy[field]
    if (Array.isArray(given) && given.length > maxRecipients) throw tooMany(field)
    const mailboxes: Mailbox[] = readMailboxes(given, field)
    copy[field] = mailboxes
    if (field !== 'replyTo') recipients += mailboxes.length
  }
  if (recipients > maxRecipients) throw tooMany('to')
  if (copy.from === undefined)
    throw invalid('from', "must be given, in the message or in the config's defaults")
  if (copy.envelope !== undefined) copy.envelope = readEnvelope(copy.envelope)
  readFields(copy)
  copyParts(copy)
  if (copy.dsn !== undefined) readNotifications(copy.dsn)
  shadowInherited(copy)
  return copy
}

/** Mailgun was seen to make mail undeliverable whose sender has a local part beyond ASCII (Anymail's notes on Mailgun). */
function readSender(value: unknown, field: string): Mailbox {
  const mailbox = readMailbox(value, field)
  if (/[^\u0020-\u007e].*@/.test(mailbox.address)) {
    throw invalid(
      field,
      'must be an address whose local part is ASCII: Mailgun cannot send from it',
    )
  }
  return mailbox
}

function readEnvelope(envelope: unknown): { from: string | false; to: string[] } {
  const from: unknown = Reflect.get(Object(envelope), 'from')
  const to: unknown = Reflect.get(Object(envelope), 'to')
  for (const field of ['cc', 'bcc']) {
    refuse(
      Object(envelope) as object,
      field,
      'is not a field of the envelope: name all in envelope.to',
    )
  }
  if (Array.isArray(to) && to.length > maxRecipients) throw tooMany('envelope.to')
  return {
    // The empty sender is that of a notification (RFC 5321 §4.5.5).
    from: from === false || from === '' ? false : readSender(from, 'envelope.from').address,
    to: readMailboxes(to, 'envelope.to').map(({ address }) => address),
  }
}

// nodemailer adds the addresses in such a header to the envelope.
function refuseAddressHeaders(headers: unknown): void {
  headerEntries(headers).forEach(({ key }, index) => {
    if (isAddressHeader(key)) {
      throw invalid(`headers[${index}]`, 'must not hold addresses: set that field of the message')
    }
  })
}

/** Refuses a field that no message may have. */
export function refuse(message: object, field: string, rule: string): void {
  const value: unknown = Reflect.get(message, field)
  if (value !== undefined && value !== null) throw invalid(field, rule)
}

/** No thousand addresses are longer (RFC 5321 §4.5.3.1.3), and nodemailer's time to read them grows faster than they do. */
const longestAddresses = maxRecipients * 1000

/** Refuses address fields that are too long to be meant, before they are read. */
export function refuseEndlessAddresses(message: SendMailOptions): void {
  for (const field of [...single, ...several]) {
    const value: unknown = message[field]
    if (typeof value === 'string' && value.length > longestAddresses) throw tooMany(field)
  }
}

/** The message has more recipients than Mailgun takes at once. */
export function tooMany(path: string): Error {
  return invalid(
    path,
    `must name at most ${maxRecipients} recipients; send the rest in another message`,
  )
}
