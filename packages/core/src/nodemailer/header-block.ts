import type { MailMessage } from 'nodemailer'
import { invalid } from '../message/invalid-message.ts'
import { tooMany } from '../message/message.ts'
import { hasNames, nameVariable } from '../message/recipient-variables.ts'
import { checkVariablesInFields } from '../message/sealed-variables.ts'
import { repeatedField } from '../message/written-headers.ts'
import type { PreparedHeader } from '../options/header-fields.ts'
import type { MailgunOptions } from '../options/options.ts'
import { maxRecipients } from '../options/registry.ts'
import { InvalidOptionError } from '../outcome/errors.ts'

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
  fixEnvelope(mail)
  const { recipientVariables } = options
  if (recipientVariables) addressEachCopyToItsRecipient(mail, hasNames(recipientVariables))
  const block = message.buildHeaders()
  const fields = block.split(/\r\n(?![ \t])/)
  if (!hasOnly(fields, headers)) throw foreign()
  if (!keepsToItsFields(fields, message)) throw broken()
  if (hasLongLine(block)) throw tooLong()
  const repeated = repeatedField(fields)
  if (repeated) throw invalid('headers', `would hold ${repeated} twice: a message has it once`)
  if (recipientVariables) {
    checkVariablesInFields([...fields, ...fieldsOfParts(message)], recipientVariables)
  }
  message.buildHeaders = () => block
}

/**
 * With recipient variables Mailgun makes a copy for each RCPT, and the To header is that recipient's own address.
 * nodemailer drops the bare placeholder `%recipient%` as an empty address; in brackets it stays.
 */
function addressEachCopyToItsRecipient({ message }: MailMessage, isNamed: boolean): void {
  const name = isNamed ? `%recipient.${nameVariable}%` : ''
  message.setHeader('To', { name, address: '%recipient_email%' })
}

/** The header fields of every part below the root, each as it will be written. */
function fieldsOfParts({ childNodes }: MailMessage['message']): string[] {
  return childNodes.flatMap((part) => [
    ...part.buildHeaders().split(/\r\n(?![ \t])/),
    ...fieldsOfParts(part),
  ])
}

/** The envelope is that of the fields as they are now, whatever they say later. */
function fixEnvelope({ message }: MailMessage): void {
  const { from, to } = message.getEnvelope()
  // nodemailer reads it anew at each call, which takes long for many, and writes into what it gets.
  message.getEnvelope = () => ({ from, to: [...to] })
  if (to.length === 0) throw invalid('to', 'must name at least one recipient')
  if (to.length > maxRecipients) throw tooMany('to')
}

function hasOnly(fields: readonly string[], headers: Sealed['headers']): boolean {
  const expected = new Map(
    Object.entries(headers).map(([name, values]) => [name.toLowerCase(), values.values()]),
  )
  for (const field of fields) {
    // Mailgun's other container for recipient variables, which holds headers of its own (manual, "Batch sending").
    if (/^content-type:[^]*mailgun-variables/i.test(field)) return false
    if (!/^[\s\0]*x-mailgun-/i.test(field)) continue
    const colon = field.indexOf(':')
    const ours = expected.get(field.slice(0, colon).toLowerCase())?.next().value
    if (ours === undefined || field.slice(colon) !== `: ${ours.value}`) return false
  }
  return Array.from(expected.values()).every((left) => left.next().done)
}

/** Whether each field is one that nodemailer was given: a value that broke out would begin another, or end the block. */
function keepsToItsFields(fields: readonly string[], message: MailMessage['message']): boolean {
  const given = Reflect.get(message, '_headers') as readonly { readonly key: string }[]
  let next = 0
  return fields.every((field) => {
    const name = /^[!-9;-~]+(?=:)/.exec(field)?.[0]
    // nodemailer leaves out empty fields and Bcc, and changes nothing of the order.
    while (next < given.length && given[next]?.key !== name) next += 1
    next += 1
    return next <= given.length && !/\r(?!\n)|(?<!\r)\n/.test(field)
  })
}

function foreign(): InvalidOptionError {
  return new InvalidOptionError(
    'headers',
    'would carry an X-Mailgun- field that is not from message.mailgun: set the option instead',
    'ERR_MAILGUN_FOREIGN_HEADER',
  )
}

/** Whether a line is over 998 characters. By hand: a pattern that counts takes longer than building the block. */
function hasLongLine(block: string): boolean {
  let start = 0
  for (let end = block.indexOf('\r\n'); end >= 0; end = block.indexOf('\r\n', start)) {
    if (end - start > 998) return true
    start = end + 2
  }
  return block.length - start > 998
}

/** RFC 5322 §2.1.1: servers may cut the line, and JSON with it. */
function tooLong(): InvalidOptionError {
  return new InvalidOptionError(
    'headers',
    'would have a line of over 998 characters: shorten its value, or give it places to fold',
    'ERR_MAILGUN_INVALID_MESSAGE',
  )
}

function broken(): InvalidOptionError {
  return new InvalidOptionError(
    'headers',
    'would carry a field that was not set: a name or a value breaks out of its own field',
    'ERR_MAILGUN_FOREIGN_HEADER',
  )
}
