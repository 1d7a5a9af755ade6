import { mailgunHeaders } from '@mailgun-smtp/core/headers'
import { decodeText } from '@mailgun-smtp/core/matchers'
import type { Evidence } from '../evidence.ts'
import { isSuppressed } from '../mail/control-headers.ts'
import type { DiagnosableSubmission } from '../mail/copy-context.ts'
import type { Diagnostic } from '../mail/diagnostic.ts'
import { domainOf, firstAddress } from '../mime/mail-address.ts'

/** One thing in which Mailgun's answer is unknown, or known and surprising. */
interface FindingRule {
  readonly path?: string
  /** What the emulator does, and why it is only a guess. */
  readonly message: string
  readonly evidence: Evidence
  readonly source: string
  readonly finds: (submission: DiagnosableSubmission) => boolean
}

const day = 24 * 60 * 60 * 1_000
const repeatable = new Set(['tags', 'variables', 'suppressHeaders'])

/** The code of a finding. The first three are codes of core's lint too, which knows no other clock. */
export type FindingCode =
  | 'deliver-by-past'
  | 'deliver-by-over-3-days'
  | 'deliver-by-over-7-days'
  | 'deliver-time-without-data'
  | 'option-given-twice'
  | 'variable-given-twice'
  | 'recipient-variables-given-twice'
  | 'recipient-key-case'
  | 'variables-container'
  | 'tag-not-ascii'
  | 'opens-without-html'
  | 'suppressed-header-foreign'
  | 'suppressed-sid'
  | 'sender-replaced'
  | 'from-domain-foreign'
  | 'header-line-over-998'
  | 'header-cut'

/** Every finding of the emulator's own. */
export const findingRules: Readonly<Record<FindingCode, FindingRule>> = {
  'deliver-by-past': {
    path: 'deliverBy',
    message: 'The time has passed: delivered at once.',
    evidence: 'documented',
    source: 'FAQ: the front of the queue; a note on the HTTP API tells of a refusal instead',
    finds: (submission) => ahead(submission) < 0,
  },
  'deliver-by-over-3-days': {
    path: 'deliverBy',
    message: 'More than 3 days ahead: only plans that keep messages for 7 days schedule so far.',
    evidence: 'unknown',
    source: 'the limit is documented; what SMTP does beyond it is not, so it waits as asked',
    finds: (submission) => ahead(submission) > 3 * day,
  },
  'deliver-by-over-7-days': {
    path: 'deliverBy',
    message: 'More than 7 days ahead: no plan schedules so far.',
    evidence: 'unknown',
    source: 'the limit is documented; what SMTP does beyond it is not, so it waits as asked',
    finds: (submission) => ahead(submission) > 7 * day,
  },
  'deliver-time-without-data': {
    path: 'deliveryTimeOptimizePeriod',
    message:
      'Nothing is known of when a recipient reads, or of their time zone: delivered at once, or at deliverBy.',
    evidence: 'documented',
    source: 'manual, "Send time optimization" and "Time zone optimization"',
    finds: (submission) => {
      const { options, envelope } = submission
      const known = envelope.to.map((recipient) => submission.engagement(recipient))
      return (
        (options.deliveryTimeOptimizePeriod != null &&
          known.some((each) => each?.hour === undefined)) ||
        (options.timeZoneLocalize != null && known.some((each) => each?.timeZone === undefined))
      )
    },
  },
  'option-given-twice': {
    message: 'A header that counts once is there more than once: the last one is read.',
    evidence: 'unknown',
    source: 'no page tells which of them counts',
    finds: (submission) =>
      mailgunHeaders.some(
        ({ option, header }) =>
          !repeatable.has(option) && valuesOf(submission, header.toLowerCase()).length > 1,
      ),
  },
  'variable-given-twice': {
    path: 'variables',
    message: 'Two X-Mailgun-Variables headers give one variable: the last one is read.',
    evidence: 'unknown',
    source: 'the manual merges the headers, and does not tell which value counts',
    finds: (submission) => {
      const names = valuesOf(submission, 'x-mailgun-variables').flatMap(keysOf)
      return new Set(names).size < names.length
    },
  },
  'recipient-variables-given-twice': {
    path: 'recipientVariables',
    message: 'Both the container and a header give recipient variables: the container counts.',
    evidence: 'unknown',
    source: 'the manual has either',
    finds: (submission) =>
      submission.container !== undefined &&
      valuesOf(submission, 'x-mailgun-recipient-variables').length > 0,
  },
  'recipient-key-case': {
    path: 'recipientVariables',
    message:
      'A key differs from a recipient in case alone: domains are compared without case here, the part before the @ with it.',
    evidence: 'unknown',
    source: 'no source tells how Mailgun compares them',
    finds: ({ options, envelope }) => {
      const keys = Object.keys(options.recipientVariables ?? {})
      const exact = new Set(envelope.to)
      const folded = new Set(envelope.to.map((address) => address.toLowerCase()))
      return keys.some((key) => !exact.has(key) && folded.has(key.toLowerCase()))
    },
  },
  'variables-container': {
    path: 'recipientVariables',
    message: 'A multipart/mailgun-variables container: the mail inside is taken.',
    evidence: 'unknown',
    source: 'documented in the manual; that the server of today honours it is not known',
    finds: ({ container }) => container !== undefined,
  },
  'tag-not-ascii': {
    path: 'tags',
    message: 'Mailgun takes what is not ASCII out of a tag; the tag is shown as it was sent.',
    evidence: 'documented',
    source: 'manual, "Tagging"',
    finds: ({ options }) => (options.tags ?? []).some((tag) => !/^[\x20-\x7e]*$/.test(tag)),
  },
  'opens-without-html': {
    path: 'trackOpens',
    message: 'Opens are tracked by an image, and there is no HTML part to put it into.',
    evidence: 'documented',
    source: 'manual, "Tracking opens"',
    finds: (submission) =>
      submission.options.trackOpens === true && submission.texts().html === undefined,
  },
  'suppressed-header-foreign': {
    path: 'suppressHeaders',
    message: "A header to suppress is none of Mailgun's: it stays.",
    evidence: 'inferred',
    source: 'manual: the option strips X-Mailgun- headers',
    finds: ({ options: { suppressHeaders: names } }) =>
      Array.isArray(names) && names.some((name: string) => !/^x-mailgun-/i.test(name)),
  },
  'suppressed-sid': {
    path: 'suppressHeaders',
    message: "Without X-Mailgun-Sid providers' complaints find no way back to Mailgun.",
    evidence: 'documented',
    source: 'manual, "Suppressing headers"',
    finds: ({ options }) => isSuppressed('X-Mailgun-Sid', options.suppressHeaders),
  },
  'sender-replaced': {
    path: 'sender',
    message: 'Mailgun writes a Sender of its own: that of the message is gone.',
    evidence: 'inferred',
    source: 'delivered mail bears one Sender, which is the login',
    finds: (submission) => valuesOf(submission, 'sender').length > 0,
  },
  'from-domain-foreign': {
    path: 'from',
    message:
      'From is of another domain than the login: that of the login signs, and Outlook shows "on behalf of".',
    evidence: 'observed',
    source: 'help article 360012491394; whether such a From is refused today is unknown',
    finds: ({ from, domain }) => {
      const author = firstAddress(from)
      return author !== undefined && domain !== '' && domainOf(author) !== domain
    },
  },
  'header-line-over-998': {
    message: 'A header line is over 998 characters; RFC 5322 wants it folded.',
    evidence: 'unknown',
    source: 'the manual asks to fold; unfolded variables "failed during expansion" (docs PR 161)',
    finds: ({ blocks }) => blocks.some(({ longestLine }) => longestLine > 998),
  },
  'header-cut': {
    message: 'More or longer header fields than the emulator reads: the rest sets no option.',
    evidence: 'unknown',
    source: "a limit of the emulator's own",
    finds: ({ blocks }) => blocks.some(({ isCut }) => isCut),
  },
}

/** What the emulator finds in a submission. */
export function findIn(submission: DiagnosableSubmission): readonly Diagnostic[] {
  const rules = Object.entries<FindingRule>(findingRules)
  return rules
    .filter(([, { finds }]) => finds(submission))
    .map(([code, { path, message }]) => ({ code, message, ...(path !== undefined && { path }) }))
}

function ahead({ options, receivedAt }: DiagnosableSubmission): number {
  return options.deliverBy == null ? 0 : Number(new Date(options.deliverBy)) - Number(receivedAt)
}

function valuesOf({ blocks }: DiagnosableSubmission, header: string): readonly string[] {
  const fields = blocks.flatMap((block) => block.fields)
  return fields.filter(({ name }) => name.toLowerCase() === header).map(({ value }) => value)
}

/** None for a value that is not a JSON object; core's problems report that. */
function keysOf(json: string): readonly string[] {
  try {
    return Object.keys(Object(JSON.parse(decodeText(json))) as object)
  } catch {
    return []
  }
}
