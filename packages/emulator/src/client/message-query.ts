import type { MailFilter } from '@mailgun-smtp/core/matchers'
import type { ApiRequest } from './api.ts'

/** What a message has to be like; every field given has to fit. The state is `'any'` in a list unless one is given. */
export interface ClientFilter extends Omit<MailFilter, 'subject'> {
  /** The whole subject. */
  readonly subject?: string | undefined
}

// The compiler asks for every field of the filter.
const fields: Readonly<Record<keyof MailFilter, true>> = {
  to: true,
  from: true,
  subject: true,
  tag: true,
  messageId: true,
  state: true,
}

/**
 * A filter as an address carries it.
 *
 * @throws {TypeError} for a field that no message has, or that is not a string: an address cannot carry regular expressions.
 */
export function queryOf(filter: ClientFilter): NonNullable<ApiRequest['query']> {
  for (const [field, wanted] of Object.entries(filter)) {
    if (!Object.hasOwn(fields, field)) {
      const known = Object.keys(fields).join(', ')
      throw new TypeError(`A mail filter has no field '${field}'; it has ${known}.`)
    }
    if (wanted !== undefined && typeof wanted !== 'string') {
      throw new TypeError(`In a filter that travels by HTTP, ${field} is a string.`)
    }
  }
  return { ...filter }
}
