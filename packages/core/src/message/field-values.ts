import type { SendMailOptions } from 'nodemailer'
import { readDate } from './date-field.ts'
import { type HeaderEntry, headerEntries, headerKey } from './header-entries.ts'
import { readMessageId } from './message-id-field.ts'

/** A message whose fields may be replaced. */
type Fields = { -readonly [Field in keyof SendMailOptions]: SendMailOptions[Field] }

/**
 * Brings the fields that have several forms into one: a date becomes a `Date`, a Message-ID gets its brackets, and
 * either may come from `headers`.
 *
 * @throws {InvalidOptionError} naming the field.
 */
export function readFields(message: Fields): void {
  const entries = headerEntries(message.headers)
  const others = entries.filter((entry, index) => !takeField(message, entry, `headers[${index}]`))
  if (others.length < entries.length) message.headers = others as Fields['headers']
  if (isGiven(message.date)) message.date = readDate(message.date, 'date')
  if (isGiven(message.messageId)) message.messageId = readMessageId(message.messageId, 'messageId')
}

/** Moves Date and Message-ID out of the headers, where nodemailer would let the message's own field replace them. */
function takeField(message: Fields, { key, value }: HeaderEntry, path: string): boolean {
  const name = headerKey(key)
  const field = name === 'date' ? 'date' : name === 'message-id' ? 'messageId' : undefined
  if (!field) return false
  if (isGiven(value) && !isGiven(message[field])) {
    const plain: unknown = Reflect.get(Object(value), 'value') ?? value
    if (field === 'date') message.date = readDate(plain, path)
    else message.messageId = readMessageId(plain, path)
  }
  return true
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '' && value !== false
}
