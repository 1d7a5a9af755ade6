import { invalid } from './invalid-message.ts'

const returns = new Set(['full', 'hdrs', 'headers'])
const conditions = new Set(['never', 'success', 'failure', 'delay'])

/**
 * Checks a message's wish for delivery status notifications, as nodemailer's SMTP client reads it (RFC 3461 §4).
 *
 * @throws {InvalidOptionError} naming the wish, before a connection is opened.
 */
export function readNotifications(dsn: unknown): void {
  if (dsn === null || dsn === false) return
  if (typeof dsn !== 'object' || Array.isArray(dsn)) {
    throw invalid('dsn', "must be an object, such as { notify: ['failure'], return: 'headers' }")
  }
  for (const field of ['return', 'ret'] as const) {
    const value: unknown = Reflect.get(dsn, field)
    if (isAbsent(value)) continue
    if (typeof value !== 'string' || !returns.has(value.toLowerCase())) {
      throw invalid(`dsn.${field}`, "must be 'full' or 'headers' (RFC 3461 §4.3)")
    }
  }
  for (const field of ['id', 'envid', 'recipient', 'orcpt'] as const) {
    const value: unknown = Reflect.get(dsn, field)
    if (isAbsent(value)) continue
    if (typeof value !== 'string' || value.length > 500 || /\p{Cc}/u.test(value)) {
      throw invalid(`dsn.${field}`, 'must be a string of at most 500 characters on one line')
    }
  }
  const notify: unknown = Reflect.get(dsn, 'notify')
  if (isAbsent(notify)) return
  const words = (typeof notify === 'string' ? notify.split(',') : [notify].flat()) as unknown[]
  const given = words.map((word) => (typeof word === 'string' ? word.trim().toLowerCase() : ''))
  const isAlone = !given.includes('never') || given.length === 1
  if (given.length === 0 || !given.every((word) => conditions.has(word)) || !isAlone) {
    throw invalid(
      'dsn.notify',
      "must be 'never', or some of 'success', 'failure' and 'delay' (RFC 3461 §4.1)",
    )
  }
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === false
}
