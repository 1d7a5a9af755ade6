import type { SubmissionSummary } from '../api/api.ts'

interface Term {
  readonly field: string
  readonly text: string
}

const fields = ['to', 'from', 'subject', 'tag', 'is']

/**
 * Keeps the submissions that match every word of a query.
 *
 * A word stands anywhere in subject, addresses, tags or Message-ID; `to:`, `from:`, `subject:` and
 * `tag:` name the place, `is:` one of batch, scheduled, test, problem. Quotes hold words together.
 */
export function search(
  submissions: readonly SubmissionSummary[],
  query: string,
): readonly SubmissionSummary[] {
  const terms = parseQuery(query)
  if (terms.length === 0) return submissions
  return submissions.filter((submission) => terms.every((term) => matches(submission, term)))
}

function parseQuery(query: string): Term[] {
  const words = query.toLowerCase().match(/(?:"[^"]*"?|[^\s"])+/g) ?? []
  return words.map(parseTerm).filter((term) => term.text !== '')
}

function parseTerm(word: string): Term {
  const colon = word.indexOf(':')
  const field = word.slice(0, Math.max(colon, 0))
  const known = fields.includes(field)
  return {
    field: known ? field : '',
    text: (known ? word.slice(colon + 1) : word).replaceAll('"', ''),
  }
}

function matches(submission: SubmissionSummary, { field, text }: Term): boolean {
  switch (field) {
    case 'to':
      return recipients(submission).some((recipient) => contains(recipient, text))
    case 'from':
      return contains(submission.from, text) || contains(submission.envelope.from, text)
    case 'subject':
      return contains(submission.subject, text)
    case 'tag':
      return submission.tags.some((tag) => contains(tag, text))
    case 'is':
      return hasState(submission, text)
    default:
      return anywhere(submission).some((value) => contains(value, text))
  }
}

function hasState(submission: SubmissionSummary, state: string): boolean {
  if (state === 'batch') return submission.copies > 1
  if (state === 'scheduled') return submission.deliverBy !== null
  if (state === 'test') return submission.testMode
  if (state.startsWith('problem')) return submission.problems > 0
  return false
}

function recipients(submission: SubmissionSummary): readonly string[] {
  return [submission.to, ...submission.envelope.to]
}

function anywhere(submission: SubmissionSummary): readonly string[] {
  const { subject, from, envelope, tags, messageId } = submission
  return [subject, from, envelope.from, messageId ?? '', ...tags, ...recipients(submission)]
}

function contains(value: string, lowerCaseText: string): boolean {
  return value.toLowerCase().includes(lowerCaseText)
}
