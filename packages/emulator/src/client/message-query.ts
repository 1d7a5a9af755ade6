import type { MessageState } from '../mail/message.ts'
import type { ApiRequest } from './api.ts'

/** What a message has to be like; every field given has to fit. */
export interface ClientFilter {
  /** The recipient's address. Case is ignored. */
  readonly to?: string | undefined
  /** The address in From, or the sender of the envelope. Case is ignored. */
  readonly from?: string | undefined
  /** The whole subject. */
  readonly subject?: string | undefined
  /** One of the message's tags. Case is ignored. */
  readonly tag?: string | undefined
  /** With or without angle brackets. */
  readonly messageId?: string | undefined
  /** `'any'` for all. Default: `'delivered'` where something is waited for, `'any'` in a list. */
  readonly state?: MessageState | 'any' | undefined
}

const fields: Readonly<Record<keyof ClientFilter, true>> = {
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
      throw new TypeError(`A message filter has no field '${field}'; it has ${known}.`)
    }
    if (wanted !== undefined && typeof wanted !== 'string') {
      throw new TypeError(`In a filter that travels by HTTP, ${field} is a text.`)
    }
  }
  return { ...filter }
}
