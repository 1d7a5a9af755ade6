import { Unreadable, type Codec } from './codecs.ts'
import { InvalidOptionError } from '../outcome/errors.ts'

const rfc3339 =
  /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:[Zz]|[+-](\d\d):(\d\d))$/

const rfc5322 =
  /^(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\s*,\s*)?(\d{1,2})\s+(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\s+(\d{4})\s+(\d\d):(\d\d)(?::(\d\d))?\s+([+-]\d{4}|GMT|UTC?|Z)$/i

const rule = 'must be a valid Date, or an RFC 3339 date-time with an offset'

function toDate(value: Date | string, path: string): Date {
  const date = typeof value === 'string' ? fromRfc3339(value) : value
  // Date.prototype.getTime throws on what merely looks like a Date, such as a proxy or a Temporal object.
  if (!date || Object.prototype.toString.call(date) !== '[object Date]') {
    throw new InvalidOptionError(path, rule)
  }
  // A Date of its own: an heir of Date may write itself otherwise.
  const own = new Date(Number(date))
  const year = own.getUTCFullYear()
  // RFC 5322 writes years in four digits from 1900 on; NaN, an invalid date, fails here too.
  if (!(year >= 1900 && year <= 9999)) throw new InvalidOptionError(path, rule)
  return own
}

function fromRfc3339(value: string): Date | undefined {
  const match = rfc3339.exec(value)
  if (!match) return undefined
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, oh = 0, om = 0] = match
    .slice(1)
    .map((digits) => Number(digits ?? 0))
  const inRange = month >= 1 && month <= 12 && hour <= 23 && minute <= 59 && second <= 59
  // Date.parse takes 30 February for the 1st or 2nd of March.
  const exists = new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day
  if (!inRange || !exists || oh > 23 || om > 59) return undefined
  return new Date(value.toUpperCase())
}

/** A date-time as RFC 5322 writes it, to the second, in UTC. Mailgun's own form; it refuses ISO 8601. */
export const dateTime: Codec<Date | string> = {
  write: (value, path) => [toDate(value, path).toUTCString().replace('GMT', '+0000')],
  read: (values) => {
    const value = (values.at(-1) ?? '').trim()
    const date = rfc5322.test(value) ? new Date(value) : undefined
    if (!date || Number.isNaN(date.getTime())) {
      throw new Unreadable('must be an RFC 5322 date-time in UTC or with a numeric offset')
    }
    return date
  },
}
