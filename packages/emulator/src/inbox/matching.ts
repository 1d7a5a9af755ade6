import { checkCondition, matches, type MailFilter } from '@mailgun-smtp/core/matchers'
import type { Copy, Submission } from '../mail/message.ts'

/** What a copy has to be like: fields of core's filter, or a function that is asked about each delivered one. */
export type CopyCondition = MailFilter | ((copy: Copy) => boolean)

/**
 * The copies that match, in the order of their submissions.
 *
 * @throws {TypeError} for a field that no copy has.
 */
export function matching(
  submissions: readonly Submission[],
  condition: CopyCondition,
): readonly Copy[] {
  checkCondition(condition)
  return submissions.flatMap((submission) =>
    isRuledOut(submission, condition)
      ? []
      : submission.copies.filter((copy) => matches(copy, condition)),
  )
}

/**
 * Whether no copy can match for whom it is to and which message it is of. That is told without working the copies out,
 * which takes a hundred times as long.
 */
export function isRuledOut(submission: Submission, condition: CopyCondition): boolean {
  if (typeof condition === 'function') return false
  const { to, messageId } = condition
  const wanted = to?.toLowerCase()
  const isForOthers =
    wanted !== undefined && submission.envelope.to.every((each) => each.toLowerCase() !== wanted)
  return isForOthers || (messageId !== undefined && isOther(submission.messageId, messageId))
}

/** Of a submission without a Message-ID, Mailgun's own may still be the wanted one. */
function isOther(messageId: string | undefined, wanted: string): boolean {
  return messageId !== undefined && !messageId.includes(wanted.trim().replace(/^<|>$/g, ''))
}
