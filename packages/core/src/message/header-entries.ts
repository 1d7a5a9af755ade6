import { InvalidOptionError } from '../outcome/errors.ts'

/** One header of a message, as nodemailer will add it. */
export interface HeaderEntry {
  readonly key: string
  readonly value: unknown
}

/** A header line has at most 998 characters (RFC 5322 §2.1.1). It bounds what the patterns are tried on. */
const longestName = 900

/**
 * nodemailer's `headers` in their three forms (an object, one `{ key, value }`, a list of those) as a list, and those
 * of `fetch` or a `Map`. A number is written as it reads: nodemailer would drop a zero.
 *
 * @throws {InvalidOptionError} for any other form: nodemailer would take a key that is an object for more headers; and
 * for a name that no line can carry.
 */
export function headerEntries(headers: unknown, path = 'headers'): HeaderEntry[] {
  if (headers === undefined || headers === null) return []
  if (typeof headers !== 'object') throw malformed(path)
  if (isIterableMap(headers)) {
    return Array.from(headers, ([key, value], index) => {
      if (typeof key !== 'string') throw malformed(`${path}[${index}]`)
      return entryOf(key, value, `${path}[${index}]`)
    })
  }
  if (Array.isArray(headers)) {
    return Array.from(headers, (header: unknown, index) => toEntry(header, `${path}[${index}]`))
  }
  if (Object.hasOwn(headers, 'key') && Object.hasOwn(headers, 'value'))
    return [toEntry(headers, path)]
  return Object.entries(headers).map(([key, value]: [string, unknown], index) =>
    entryOf(key, value, `${path}[${index}]`),
  )
}

function entryOf(key: string, value: unknown, path: string): HeaderEntry {
  if (key.length > longestName) {
    throw new InvalidOptionError(
      path,
      `must not have a name of more than ${longestName} characters: no header line can carry it`,
      'ERR_MAILGUN_INVALID_MESSAGE',
    )
  }
  return { key, value: written(value) }
}

/** Whether it is a `Map` or the `Headers` of `fetch`. Not instanceof: a test's realm has classes of its own. */
export function isIterableMap(headers: object): headers is Iterable<readonly [unknown, unknown]> {
  const tag = Object.prototype.toString.call(headers)
  return tag === '[object Map]' || tag === '[object Headers]'
}

function written(value: unknown): unknown {
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : value
}

function toEntry(header: unknown, path: string): HeaderEntry {
  const key: unknown = Reflect.get(Object(header), 'key')
  if (typeof key !== 'string') throw malformed(path)
  return entryOf(key, Reflect.get(Object(header), 'value'), path)
}

function malformed(path: string): InvalidOptionError {
  return new InvalidOptionError(
    path,
    'must be a map of names and values, or a list of { key, value }',
    'ERR_MAILGUN_INVALID_MESSAGE',
  )
}

/** A header's name as nodemailer will write it, in lower case: it drops blanks, colons and controls. */
export function headerKey(name: string): string {
  return name.replace(/[\s\p{Cc}:]/gu, '').toLowerCase()
}

const addressFields = new Set(['to', 'cc', 'bcc', 'from', 'sender', 'reply-to'])

/** Whether nodemailer reads addresses from the header, and adds those of To, Cc and Bcc to the envelope. */
export function isAddressHeader(name: string): boolean {
  return addressFields.has(headerKey(name))
}
