import { addressParser } from 'postal-mime'
import type { Message, MessageState } from '../mail/message.ts'
import type { Submission } from '../mail/message.ts'
import { ReceivedSubmission } from '../mail/submission.ts'

/** What a message has to be like; every field given has to fit. */
export interface MessageFilter {
  /** The recipient's address. Case is ignored. */
  readonly to?: string | undefined
  /** The address in From, or the sender of the envelope. Case is ignored. */
  readonly from?: string | undefined
  /** The whole subject, or an expression that finds something in it. */
  readonly subject?: string | RegExp | undefined
  /** One of the message's tags. Case is ignored, as Mailgun does. */
  readonly tag?: string | undefined
  /** With or without angle brackets. */
  readonly messageId?: string | undefined
  /** `'any'` for all. Default: `'delivered'`. */
  readonly state?: MessageState | 'any' | undefined
}

/** What a message has to be like: fields, or a function that says so of each delivered one. */
export type MessageCondition = MessageFilter | ((message: Message) => boolean)

/** One field of a filter that a message does not fit. */
export interface Difference {
  readonly field: keyof MessageFilter
  readonly wanted: string
  readonly found: string
}

interface FieldTest {
  readonly fits: (message: Message, wanted: string) => boolean
  readonly found: (message: Message) => string
}

const tests: Readonly<Record<keyof MessageFilter, FieldTest>> = {
  to: {
    fits: (message, wanted) => same(message.recipient, wanted),
    found: (message) => quote(message.recipient),
  },
  from: {
    fits: (message, wanted) =>
      same(message.submission.envelope.from, wanted) ||
      addressParser(message.from, { flatten: true }).some(({ address = '' }) =>
        same(address, wanted),
      ),
    found: (message) => quote(message.from),
  },
  subject: {
    fits: (message, wanted) => message.subject === wanted,
    found: (message) => quote(message.subject),
  },
  tag: {
    fits: (message, wanted) =>
      (message.submission.options.tags ?? []).some((tag) => same(tag, wanted)),
    found: (message) => (message.submission.options.tags ?? []).map(quote).join(', ') || 'none',
  },
  messageId: {
    fits: (message, wanted) => withoutBrackets(message.messageId) === withoutBrackets(wanted),
    found: (message) => quote(message.messageId),
  },
  state: {
    fits: (message, wanted) => wanted === 'any' || message.state === wanted,
    found: (message) => quote(message.state),
  },
}

/**
 * Checks a filter that may come from JavaScript.
 *
 * @throws {TypeError} for a field that no message has, which would otherwise be ignored.
 */
export function checkFilter(filter: MessageFilter): void {
  const unknown = Object.keys(filter).find((field) => !Object.hasOwn(tests, field))
  if (unknown !== undefined) {
    const known = Object.keys(tests).join(', ')
    throw new TypeError(`A message filter has no field '${unknown}'; it has ${known}.`)
  }
}

/** The fields of the filter that the message does not fit: none means that it matches. */
export function differences(message: Message, filter: MessageFilter): readonly Difference[] {
  const found: Difference[] = []
  for (const field of Object.keys(tests) as (keyof MessageFilter)[]) {
    const wanted = filter[field] ?? (field === 'state' ? 'delivered' : undefined)
    if (wanted === undefined) continue
    const test = tests[field]
    const fits =
      wanted instanceof RegExp ? message.subject.search(wanted) !== -1 : test.fits(message, wanted)
    if (!fits) found.push({ field, wanted: show(wanted), found: test.found(message) })
  }
  return found
}

/**
 * The messages that fit, in the order of their submissions.
 *
 * @throws {TypeError} for a field that no message has.
 */
export function matching(
  submissions: readonly Submission[],
  condition: MessageCondition,
): readonly Message[] {
  if (typeof condition !== 'function') checkFilter(condition)
  const isRuledOut = rulesOut(condition)
  return submissions.flatMap((submission) =>
    isRuledOut(submission)
      ? []
      : submission.messages.filter((message) => matches(message, condition)),
  )
}

/**
 * Tells of which submissions no copy can fit, from the few words that are kept of each: working a submission out
 * takes a hundred times as long.
 */
export function rulesOut(condition: MessageCondition): (submission: Submission) => boolean {
  if (typeof condition === 'function') return () => false
  const { subject, state = 'delivered' } = condition
  const [to, from, tag] = [condition.to, condition.from, condition.tag].map((each) =>
    each?.toLowerCase(),
  )
  const messageId = condition.messageId && withoutBrackets(condition.messageId)
  return (submission) => {
    if (!(submission instanceof ReceivedSubmission)) return false
    const { brief, envelope } = submission
    if (to !== undefined && !envelope.to.some((each) => isAddress(each, to))) return true
    if (tag !== undefined && !brief.tags.some((each) => each.toLowerCase() === tag)) return true
    if (messageId && submission.messageId && !isMessageId(submission.messageId, messageId)) {
      return true
    }
    if (state !== 'any' && (state === 'dropped') !== brief.isDropped) return true
    if (state === 'scheduled' && !brief.asksForTime) return true
    if (brief.isPersonalised) return false
    if (typeof subject === 'string' && submission.subject !== subject) return true
    if (subject instanceof RegExp && submission.subject.search(subject) === -1) return true
    return (
      from !== undefined &&
      !isAddress(envelope.from, from) &&
      !submission.from.toLowerCase().includes(from)
    )
  }
}

export function matches(message: Message, condition: MessageCondition): boolean {
  if (typeof condition === 'function') return message.state === 'delivered' && condition(message)
  return differences(message, condition).length === 0
}

// Most are told apart without taking their brackets off.
function isMessageId(text: string, bare: string): boolean {
  return text.includes(bare) && withoutBrackets(text) === bare
}

function isAddress(address: string, lowerCase: string): boolean {
  return address.length === lowerCase.length && address.toLowerCase() === lowerCase
}

/** A condition as a failure text shows it. */
export function describeCondition(condition: MessageCondition): string {
  return typeof condition === 'function' ? 'a message that fits' : describeFilter(condition)
}

/** A filter as a failure text shows it. */
export function describeFilter(filter: MessageFilter): string {
  const fields = Object.entries(filter).filter(([, wanted]) => wanted !== undefined)
  const parts = fields.map(
    ([field, wanted]: [string, string | RegExp]) => `${field} ${show(wanted)}`,
  )
  return parts.length === 0 ? 'any message' : `a message with ${parts.join(', ')}`
}

function show(wanted: string | RegExp): string {
  return typeof wanted === 'string' ? quote(wanted) : String(wanted)
}

function quote(text: string): string {
  return `'${text}'`
}

function same(text: string, other: string): boolean {
  return text.toLowerCase() === other.toLowerCase()
}

function withoutBrackets(messageId: string): string {
  return messageId.trim().replace(/^<|>$/g, '')
}
