import { shownText } from '@mailgun-smtp/core/matchers'
import { setImmediate } from 'node:timers/promises'
import type { ReceivedSubmission } from '../mail/submission.ts'
import { parseSearch, type Term } from './query.ts'

/** So long a search may take at once before others have their turn, in milliseconds. */
const turn = 15

interface Searched {
  readonly submission: ReceivedSubmission
  readonly isRead: boolean
}

type Trait = (searched: Searched) => boolean

/** What `is:` can say of a submission. */
const is: Readonly<Record<string, Trait>> = {
  unread: ({ isRead }) => !isRead,
  read: ({ isRead }) => isRead,
  batch: ({ submission }) => submission.envelope.to.length > 1,
  scheduled: ({ submission }) => submission.options.deliverBy != null,
  test: ({ submission }) => submission.options.dropMessage === true,
  problem: ({ submission }) => submission.diagnostics.length > 0,
  failed: ({ submission }) => submission.copies.some(({ state }) => state === 'failed'),
  opened: ({ submission }) => submission.copies.some(({ opens }) => opens.length > 0),
  clicked: ({ submission }) => submission.copies.some(({ clicks }) => clicks.length > 0),
}

/** What `has:` can say of a submission. */
const has: Readonly<Record<string, Trait>> = {
  attachment: ({ submission }) => submission.outline.attachments > 0,
  html: ({ submission }) => submission.texts().html !== undefined,
  text: ({ submission }) => submission.texts().text !== undefined,
  unreplaced: ({ submission }) => submission.copies.some(({ unreplaced }) => unreplaced.length > 0),
}

/** The words that `is:` and `has:` know. */
export const searchWords: Readonly<Record<'is' | 'has', readonly string[]>> = {
  is: Object.keys(is),
  has: Object.keys(has),
}

/**
 * The submissions that a search finds, in their order. It gives others their turn while it works.
 *
 * @throws {SearchError} for an `is:` or a `has:` that there is not.
 */
export async function searchIn(
  submissions: readonly ReceivedSubmission[],
  search: string,
  isRead: (id: string) => boolean,
): Promise<readonly ReceivedSubmission[]> {
  const terms = parseSearch(search, searchWords)
  if (terms.length === 0) return submissions
  const found: ReceivedSubmission[] = []
  let began = performance.now()
  for (const submission of submissions) {
    const searched = { submission, isRead: isRead(submission.id) }
    if (terms.every((term) => fits(searched, term))) found.push(submission)
    if (performance.now() - began < turn) continue
    await setImmediate()
    began = performance.now()
  }
  return found
}

function fits(searched: Searched, term: Term): boolean {
  return isTrueOf(searched, term) !== term.isNegated
}

function isTrueOf(searched: Searched, { field, text }: Term): boolean {
  const { submission } = searched
  if (field === 'is') return is[text]?.(searched) ?? false
  if (field === 'has') return has[text]?.(searched) ?? false
  if (field === 'body') return isInBody(submission, text)
  if (field !== '') return contain(places[field](submission), text)
  return (
    Object.values(places).some((values) => contain(values(submission), text)) ||
    isInBody(submission, text)
  )
}

type Place = 'to' | 'from' | 'subject' | 'tag' | 'id'

/** Where a word is looked for. */
const places: Readonly<Record<Place, (submission: ReceivedSubmission) => readonly string[]>> = {
  to: ({ to, cc, envelope }) => [to, cc, ...envelope.to],
  from: ({ from, replyTo, envelope }) => [from, replyTo, envelope.from],
  subject: ({ subject }) => [subject],
  tag: ({ options }) => options.tags ?? [],
  id: ({ id, messageId = '' }) => [id, messageId],
}

function contain(values: readonly string[], lowerCaseText: string): boolean {
  return values.some((value) => value.toLowerCase().includes(lowerCaseText))
}

function isInBody(submission: ReceivedSubmission, lowerCaseText: string): boolean {
  const { text = '', html = '' } = submission.texts()
  return contain([text, shownText(html)], lowerCaseText)
}
