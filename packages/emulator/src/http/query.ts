import type { MailFilter } from '@mailgun-smtp/core/matchers'
import type { CopyState } from '../mail/message.ts'
import { refusal, type HttpReply } from './reply.ts'

const states = ['scheduled', 'delivered', 'failed', 'dropped', 'any'] as const

/** The names of a filter's fields, as an address carries them. */
export const filterNames = ['to', 'from', 'subject', 'tag', 'messageId', 'state'] as const

/** A request whose parameters cannot be meant; the message says what can. */
export class QueryError extends Error {
  get reply(): HttpReply {
    return refusal(400, this.message)
  }
}

/**
 * Passed over, an unknown parameter would let everything match.
 *
 * @throws {QueryError} for a parameter that is not among these.
 */
export function checkNames(query: URLSearchParams, known: readonly string[]): void {
  const unknown = [...query.keys()].find((name) => !known.includes(name))
  if (unknown === undefined) return
  const there = known.length === 0 ? 'it takes none' : `there is ${known.join(', ')}`
  throw new QueryError(`There is no parameter '${unknown}' here; ${there}.`)
}

/** The filter that an address carries. @throws {QueryError} for a state that there is not. */
export function filterOf(
  query: URLSearchParams,
  defaultState: CopyState | 'any',
): Omit<MailFilter, 'subject'> & { readonly subject?: string | undefined } {
  const asked = query.get('state') ?? defaultState
  const state = states.find((each) => each === asked)
  if (!state) throw new QueryError(`state is one of ${states.join(', ')}.`)
  return {
    to: addressOf(query, 'to'),
    from: addressOf(query, 'from'),
    subject: query.get('subject') ?? undefined,
    tag: query.get('tag') ?? undefined,
    messageId: addressOf(query, 'messageId'),
    state,
  }
}

/** An address of mail: it has no blank, so what was read as one is the `+` that was written. */
export function addressOf(query: URLSearchParams, name: string): string | undefined {
  return query.get(name)?.replaceAll(' ', '+')
}

/** A whole number. @throws {QueryError} for anything else, or beyond the range. */
export function numberOf(
  query: URLSearchParams,
  name: string,
  range: { readonly least: number; readonly most: number; readonly otherwise: number },
): number {
  const text = query.get(name)
  if (text === null) return range.otherwise
  const number = /^\d{1,9}$/.test(text) ? Number(text) : NaN
  if (number >= range.least && number <= range.most) return number
  throw new QueryError(`${name} is a whole number, ${range.least} to ${range.most}.`)
}

/** The names of what pages a list. */
export const pageNames = ['limit', 'before'] as const

const page = { least: 1, most: 1_000, otherwise: 1_000 }

/**
 * One page of a list, and where the next begins.
 *
 * @throws {QueryError} if what it should begin before is not in the list, or no longer.
 */
export function pageOf<Item extends { readonly id: string }>(
  items: readonly Item[],
  query: URLSearchParams,
): { readonly items: readonly Item[]; readonly next: string | null } {
  const limit = numberOf(query, 'limit', page)
  const before = query.get('before')
  const start = before === null ? 0 : items.findIndex(({ id }) => id === before) + 1
  if (before !== null && start === 0) {
    throw new QueryError(`before: '${before}' is not in the list, or no longer.`)
  }
  const shown = items.slice(start, start + limit)
  const isLast = start + limit >= items.length
  return { items: shown, next: isLast ? null : (shown.at(-1)?.id ?? null) }
}
