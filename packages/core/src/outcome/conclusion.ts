import { DeliveryError, type DeliveryFailure } from './errors.ts'
import { unknownOutcome, type NotTaken } from './failure-reasons.ts'
import type { Verdict } from './outcome.ts'
import { receiptOf, type Receipt } from './receipt.ts'
import { fold, withReason, type RecipientList } from './recipient-list.ts'
import { judge } from './judgement.ts'
import type { Login } from './login.ts'
import type { TransactionRecord } from '../session/transaction-record.ts'

/** A send that has ended. */
export interface EndedSend {
  readonly messageId: string
  /** The sender's address; empty for none. */
  readonly from: string
  readonly recipients: RecipientList
  readonly attempts: number
  /** What ended it from this side, before an attempt or between two. */
  readonly ending?: NotTaken | undefined
}

/**
 * The outcome of a send, from its list of recipients: a receipt if at least one was accepted.
 *
 * @throws {DeliveryError} if none was. What is unknown decides; then what ended the send from this side; then a recipient that can
 * be tried again, which must not be lost; then the first one.
 */
export function conclude(send: EndedSend): Receipt {
  const { ending } = send
  const recipients = ending ? withReason(send.recipients, ending) : send.recipients
  if (recipients.some(({ outcome }) => outcome === 'accepted')) return receiptOf(recipients, send)
  throw new DeliveryError({
    ...failureOf(decisive(recipients, ending)),
    attempts: send.attempts,
    messageId: send.messageId,
    recipients,
  })
}

/** The error of an attempt that is the only one, and was taken for no recipient. */
export function errorOfRecord(record: TransactionRecord, login: Login): DeliveryError {
  const verdicts = judge(record, login)
  const recipients = fold([], verdicts)
  const verdict = recipients.length > 0 ? decisive(recipients, undefined) : verdicts.whole
  const { messageId } = record
  return new DeliveryError({ ...failureOf(verdict), attempts: 1, messageId, recipients })
}

/** The recipient or the reason that decides the outcome of a message that no recipient is known to have. */
function decisive(recipients: RecipientList, ending: NotTaken | undefined): Verdict {
  const deferred = recipients.filter(({ outcome }) => outcome === 'deferred')
  return (
    recipients.find(({ outcome }) => outcome === 'unknown') ??
    ending ??
    deferred.find(({ retryable }) => retryable) ??
    deferred[0] ??
    recipients[0] ??
    unknownOutcome
  )
}

/** What an error is made of, apart from its send. */
export function failureOf(
  verdict: Verdict,
): Omit<DeliveryFailure, 'attempts' | 'messageId' | 'recipients'> {
  const { outcome, code, fault, retryable, retryAfter, reply, problem, cure, cause } = verdict
  return {
    outcome: outcome === 'accepted' ? 'unknown' : outcome,
    code: code ?? 'ERR_MAILGUN_CONNECTION',
    fault: fault ?? 'connection',
    retryable,
    message: problem ?? 'The message was not handed over.',
    cure: cure ?? '',
    reply,
    retryAfter,
    cause,
  }
}

/** What an error says of each recipient of its message. */
export function verdictOf(error: DeliveryError): NotTaken {
  const { code, outcome, fault, retryable, retryAfter, reply, problem, cure, cause } = error
  return {
    outcome,
    code,
    fault,
    retryable,
    problem,
    cure,
    ...(reply && { reply }),
    ...(retryAfter && { retryAfter }),
    ...(cause !== undefined && { cause: cause as NonNullable<Verdict['cause']> }),
  }
}
