import type { MailMessage } from 'nodemailer'
import { InvalidOptionError } from './errors.ts'
import type { PreparedHeader } from './header-fields.ts'
import type { MailgunOptions } from './options.ts'
import { invalid, tooMany } from './message.ts'
import { maxRecipients } from './registry.ts'

/** What the header block of a message must show. */
export interface Sealed {
  readonly options: MailgunOptions
  readonly headers: Readonly<Record<string, readonly PreparedHeader[]>>
}

/**
 * Builds the header block, checks that its `X-Mailgun-` fields are exactly ours, and keeps it: what was checked is
 * what leaves. It runs after every plugin, because a check of the input objects can be passed in a disguise.
 *
 * @throws {InvalidOptionError} if a foreign `X-Mailgun-` field or a whole foreign block would leave.
 */
export function seal(mail: MailMessage, { options, headers }: Sealed): void {
  const { message } = mail
  // A root with raw content is written without the header block that is checked here.
  if (mail.data.raw || Reflect.get(message, '_raw')) throw foreign()
  if (options.recipientVariables) addressEachCopyToItsRecipient(mail)
  checkEnvelope(mail)
  const block = message.buildHeaders()
  if (!hasOnly(block, headers)) throw foreign()
  message.buildHeaders = () => block
}

/**
 * With recipient variables Mailgun makes a copy for each RCPT, and the To header is that recipient's own address.
 * nodemailer drops the bare placeholder `%recipient%` as an empty address; in brackets it stays.
 */
function addressEachCopyToItsRecipient({ message }: MailMessage): void {
  message.setEnvelope(message.getEnvelope())
  message.setHeader('To', { name: '', address: '%recipient_email%' })
}

function checkEnvelope({ message }: MailMessage): void {
  const { to } = message.getEnvelope()
  if (to.length === 0) throw invalid('to', 'must name at least one recipient')
  if (to.length > maxRecipients) throw tooMany('to')
}

function hasOnly(block: string, headers: Sealed['headers']): boolean {
  const expected = Object.entries(headers).flatMap(([name, fields]) =>
    fields.map(({ value }) => `${name.toLowerCase()}: ${value}`),
  )
  const found = block
    .split(/\r\n(?![ \t])/)
    .filter((field) => /^[\s\0]*x-mailgun-/i.test(field))
    .map((field) => field.replace(/^[^:]*/, (name) => name.toLowerCase()))
  const hasBareBreak = /\r(?!\n)|(?<!\r)\n/.test(block)
  return !hasBareBreak && found.toSorted().join('\n') === expected.toSorted().join('\n')
}

function foreign(): InvalidOptionError {
  return new InvalidOptionError(
    'headers',
    'would carry an X-Mailgun- field that is not from message.mailgun: options are the only door',
    'ERR_MAILGUN_FOREIGN_HEADER',
  )
}
