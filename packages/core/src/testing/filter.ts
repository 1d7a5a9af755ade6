import { recipientsOf, submissionOf, type CapturedMail } from './mail.ts'

/** What a mail has to be like; every field given has to fit. */
export interface MailFilter {
  /** A recipient's address. Case is ignored. */
  readonly to?: string | undefined
  /** The address in From, or the sender of the envelope. Case is ignored. */
  readonly from?: string | undefined
  /** The whole subject, or an expression that finds something in it. */
  readonly subject?: string | RegExp | undefined
  /** One of the tags. Case is ignored, as Mailgun does. */
  readonly tag?: string | undefined
  /** With or without angle brackets. */
  readonly messageId?: string | undefined
  /** Its state in the emulator. Default: `'delivered'`. */
  readonly state?: 'scheduled' | 'delivered' | 'failed' | 'dropped' | 'any' | undefined
}

/** A filter, or a function that says whether a delivered mail fits. */
export type MailCondition<Mail extends CapturedMail = CapturedMail> =
  | MailFilter
  | ((mail: Mail) => boolean)

interface FieldTest {
  /** The line of the mail's description that shows it. */
  readonly shownAs: string
  readonly fits: (mail: CapturedMail, wanted: string) => boolean
}

const tests: Readonly<Record<keyof MailFilter, FieldTest>> = {
  to: {
    shownAs: 'to',
    fits: (mail, wanted) => recipientsOf(mail).some((recipient) => same(recipient, wanted)),
  },
  from: {
    shownAs: 'from',
    fits: (mail, wanted) =>
      same(submissionOf(mail).envelope.from, wanted) ||
      same(/<([^<>]*)>\s*$/.exec(mail.from)?.[1] ?? mail.from, wanted),
  },
  subject: { shownAs: 'subject', fits: (mail, wanted) => mail.subject === wanted },
  tag: {
    shownAs: 'tags',
    fits: (mail, wanted) =>
      (submissionOf(mail).options.tags ?? []).some((tag) => same(tag, wanted)),
  },
  messageId: {
    shownAs: 'messageId',
    fits: (mail, wanted) => withoutBrackets(mail.messageId) === withoutBrackets(wanted),
  },
  state: {
    shownAs: 'state',
    fits: ({ state }, wanted) => state === undefined || wanted === 'any' || state === wanted,
  },
}

/** The lines of the mail's description that do not fit, each with what was wanted: none means that it matches. */
export function differences<Mail extends CapturedMail>(
  mail: Mail,
  condition: MailCondition<Mail>,
): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  const filter = typeof condition === 'function' ? {} : condition
  for (const [field, { shownAs, fits }] of Object.entries(tests)) {
    const wanted =
      filter[field as keyof MailFilter] ?? (field === 'state' ? 'delivered' : undefined)
    if (wanted === undefined) continue
    const isFit = wanted instanceof RegExp ? mail.subject.search(wanted) !== -1 : fits(mail, wanted)
    if (!isFit) found.set(shownAs, show(wanted))
  }
  return found
}

/** Whether the mail fits. A function is asked about delivered mails only. */
export function matches<Mail extends CapturedMail>(
  mail: Mail,
  condition: MailCondition<Mail>,
): boolean {
  const isFilterMet = differences(mail, condition).size === 0
  return isFilterMet && (typeof condition !== 'function' || condition(mail))
}

/** @throws {TypeError} for a field that no mail has, which would otherwise be ignored. */
export function checkCondition<Mail extends CapturedMail>(condition: MailCondition<Mail>): void {
  if (typeof condition === 'function') return
  const unknown = Object.keys(condition).find((field) => !Object.hasOwn(tests, field))
  if (unknown !== undefined) {
    const known = Object.keys(tests).join(', ')
    throw new TypeError(`A mail filter has no field '${unknown}'; it has ${known}.`)
  }
}

/** A condition as a failure text shows it. */
export function describeCondition<Mail extends CapturedMail>(
  condition: MailCondition<Mail>,
): string {
  if (typeof condition === 'function') return 'a mail that fits'
  const fields = Object.entries(condition).filter(([, wanted]) => wanted !== undefined)
  const parts = fields.map(
    ([field, wanted]: [string, string | RegExp]) => `${field} ${show(wanted)}`,
  )
  return parts.length === 0 ? 'a mail' : `a mail with ${parts.join(', ')}`
}

function show(wanted: string | RegExp): string {
  return typeof wanted === 'string' ? `'${wanted}'` : String(wanted)
}

function same(text: string, other: string): boolean {
  return text.toLowerCase() === other.toLowerCase()
}

function withoutBrackets(messageId: string): string {
  return messageId.trim().replace(/^<|>$/g, '')
}
