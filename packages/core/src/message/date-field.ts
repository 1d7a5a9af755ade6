import { invalid } from './invalid-message.ts'

/** Longer than any date-time; it bounds what the patterns are tried on. */
const maxLength = 100

/** The forms of a date-time that every reader takes for the same moment. */
const forms: readonly RegExp[] = [
  // RFC 3339 and the rest of ISO 8601 that JavaScript writes, such as a Date that went through JSON.
  /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/i,
  // RFC 5322 §3.3, and what Date.prototype.toUTCString writes.
  /^(?:[a-z]{3},? )?\d{1,2} [a-z]{3} \d{4} \d{2}:\d{2}(?::\d{2})? (?:[+-]\d{4}|[a-z]{1,5})(?: \([^()]*\))?$/i,
  // What String(date) writes.
  /^[a-z]{3} [a-z]{3} \d{1,2} \d{4} \d{2}:\d{2}:\d{2} GMT[+-]\d{4}(?: \([^()]*\))?$/i,
]

/**
 * The moment of a `Date`, or of a date-time as RFC 3339, RFC 5322 or JavaScript writes it.
 *
 * @throws {InvalidOptionError} for anything else, and for a day that no month has.
 */
export function readDate(value: unknown, path: string): Date {
  const date = isDate(value) ? value : typeof value === 'string' ? parse(value) : undefined
  // Four digits of a year are all that the field can show (RFC 5322 §3.3).
  if (!date || !(date.getTime() >= firstMoment && date.getTime() < endOfTime)) {
    throw invalid(
      path,
      'must be a Date, or a date-time such as 2026-12-24T08:00:00Z or Thu, 24 Dec 2026 08:00:00 +0000',
    )
  }
  return date
}

const firstMoment = Date.UTC(1900, 0, 1)
const endOfTime = Date.UTC(10_000, 0, 1)

// Not instanceof: a test runner's realm has a Date of its own.
function isDate(value: unknown): value is Date {
  return Object.prototype.toString.call(value) === '[object Date]'
}

function parse(value: string): Date | undefined {
  if (value.length > maxLength) return undefined
  const written = value.trim().replace(/\s+/g, ' ')
  if (!forms.some((form) => form.test(written)) || !isDayOfItsMonth(written)) return undefined
  return new Date(written)
}

/** JavaScript reads 31 February as 3 March. */
function isDayOfItsMonth(written: string): boolean {
  const day = /^\d{4}-\d{2}-\d{2}/.exec(written)?.[0]
  if (day === undefined) return true
  const time = Date.parse(`${day}T00:00:00Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(day)
}
