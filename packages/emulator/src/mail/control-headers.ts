import type { MailgunOptions } from '@mailgun-smtp/core/headers'
import type { Evidence } from '../evidence.ts'
import { addedHeaders } from './added-headers.ts'

/** What happens to `X-Mailgun-` headers on the way to a recipient. */
interface HeaderFate {
  /** In lower case. */
  readonly header: string
  readonly fate: 'kept' | 'stripped'
  readonly evidence: Evidence
  readonly source: string
}

/** The first row whose header is a beginning of the name counts. */
export const headerFates: readonly HeaderFate[] = [
  {
    header: 'x-mailgun-recipient-variables',
    fate: 'stripped',
    evidence: 'inferred',
    source: 'in no delivered sample; kept, it would tell each recipient of all others',
  },
  {
    header: 'x-mailgun-template-variables',
    fate: 'stripped',
    evidence: 'documented',
    source: 'manual, "Templates": not delivered, unlike X-Mailgun-Variables',
  },
  {
    header: 'x-mailgun-',
    fate: 'kept',
    evidence: 'observed',
    source:
      'delivered mail with X-Mailgun-Tag, -Track, -Variables and -Template-Name; inferred for the others, X-Mailgun-Suppress-Headers too',
  },
]

/**
 * Whether a field that was sent is missing from delivered copies. What Mailgun adds itself takes the place of what the
 * sender wrote under the same name.
 */
export function isStripped(name: string, suppress: MailgunOptions['suppressHeaders']): boolean {
  const header = name.toLowerCase()
  const isAdded = addedHeaders.some((row) => row.replaces && row.header.toLowerCase() === header)
  return isAdded || headerFates.find((row) => header.startsWith(row.header))?.fate === 'stripped'
    ? true
    : isSuppressed(name, suppress)
}

/** Documented: a list of headers, or all of them. That it reaches no header but Mailgun's own is inferred. */
export function isSuppressed(name: string, suppress: MailgunOptions['suppressHeaders']): boolean {
  if (suppress == null || !/^x-mailgun-/i.test(name)) return false
  return suppress === 'all' || suppress.some((each) => each.toLowerCase() === name.toLowerCase())
}
