import { checkCondition, matches, type MailFilter } from '@mailgun-smtp/core/matchers'
import type { Copy } from '../mail/message.ts'
import type { ReceivedSubmission } from '../mail/submission.ts'

/** What a copy has to be like: fields of core's filter, or a function that is asked about each delivered one. */
export type CopyCondition = MailFilter | ((copy: Copy) => boolean)

/**
 * The copies that match, in the order of their submissions.
 *
 * @throws {TypeError} for a field that no copy has.
 */
export function matching(
  submissions: readonly ReceivedSubmission[],
  condition: CopyCondition,
): readonly Copy[] {
  checkCondition(condition)
  const isRuledOut = ruledOut(condition)
  return submissions.flatMap((submission) =>
    isRuledOut(submission) ? [] : submission.copies.filter((copy) => matches(copy, condition)),
  )
}

/**
 * Tells of which submissions no copy can match, by whom they are to, which message they are of and what it is about.
 * That needs no copy to be worked out, which takes a hundred times as long.
 */
export function ruledOut(condition: CopyCondition): (submission: ReceivedSubmission) => boolean {
  if (typeof condition === 'function') return () => false
  const { subject } = condition
  const to = condition.to?.toLowerCase()
  // Of a submission without a Message-ID, Mailgun's own may still be the wanted one.
  const messageId = condition.messageId && withoutBrackets(condition.messageId)
  return (submission) =>
    (to !== undefined && !submission.envelope.to.some((each) => isAddress(each, to))) ||
    (messageId !== undefined && isOther(submission.messageId, messageId)) ||
    (subject !== undefined && !submission.isPersonalised && !isSubject(submission.subject, subject))
}

function isSubject(subject: string, wanted: string | RegExp): boolean {
  return typeof wanted === 'string' ? subject === wanted : subject.search(wanted) !== -1
}

function isOther(messageId: string | undefined, wanted: string): boolean {
  if (messageId === undefined) return false
  // Most are told apart without taking their brackets off.
  return !messageId.includes(wanted) || withoutBrackets(messageId) !== wanted
}

function withoutBrackets(messageId: string): string {
  return messageId.trim().replace(/^<|>$/g, '')
}

function isAddress(address: string, lowerCase: string): boolean {
  return address.length === lowerCase.length && address.toLowerCase() === lowerCase
}
