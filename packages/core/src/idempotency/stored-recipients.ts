import { recipientsOf } from '../message/envelope.ts'
import type { MailgunMessage } from '../message/message.ts'
import { unknownOutcome } from '../outcome/failure-reasons.ts'
import type { Verdict } from '../outcome/outcome.ts'
import { replyShown } from '../outcome/reply.ts'
import { countsOf, untriedList, type RecipientList } from '../outcome/recipient-list.ts'
import { settledAsRejected, unknownEarlier } from './failures.ts'
import type { StoredRecipients, StoredSend, StoredVerdict } from './store.ts'

/** What is kept of a list of recipients. */
export function storeRecipients(list: RecipientList): StoredRecipients {
  const verdicts: StoredVerdict[] = []
  const indexes = new Map<string, number>()
  const verdictOf = list.map(({ address: _own, ...verdict }) => {
    const stored = storeVerdict(verdict)
    const form = JSON.stringify(stored)
    const known = indexes.get(form) ?? verdicts.push(stored) - 1
    indexes.set(form, known)
    return known
  })
  return {
    addresses: list.map(({ address }) => address),
    verdicts,
    ...(verdicts.length > 1 ? { verdictOf } : {}),
  }
}

/** The list that was kept. */
export function restoreRecipients({
  addresses,
  verdicts,
  verdictOf,
}: StoredRecipients): RecipientList {
  const restored = verdicts.map(restoreVerdict)
  return addresses.map((address, index) => ({
    ...(restored[verdictOf?.[index] ?? 0] ?? unknownOutcome),
    address,
  }))
}

function storeVerdict({ retryAfter, reply, ...verdict }: Verdict): StoredVerdict {
  return {
    ...verdict,
    // What ended the first send, such as its signal, does not end one that asks for its outcome.
    ...(verdict.outcome === 'unknown' && { code: unknownOutcome.code }),
    ...(retryAfter && { retryAfter: retryAfter.toISOString() }),
    ...(reply && { reply: replyShown(reply) }),
  }
}

function restoreVerdict({ retryAfter, ...verdict }: StoredVerdict): Verdict {
  return { ...verdict, ...(retryAfter === undefined ? {} : { retryAfter: new Date(retryAfter) }) }
}

/** The state of a record whose send has ended. */
export function stateOf(list: RecipientList): 'accepted' | 'rejected' | 'deferred' | 'unknown' {
  const { accepted, deferred, unknown } = countsOf(list)
  if (unknown > 0) return 'unknown'
  if (accepted > 0) return 'accepted'
  return deferred > 0 ? 'deferred' : 'rejected'
}

/**
 * What a record says of each recipient; nothing, if it names none.
 *
 * @param message Whose recipients they are, where a record of version 1 does not say.
 */
export function recipientsIn(
  record: StoredSend,
  message: MailgunMessage | undefined,
): RecipientList | undefined {
  if (record.recipients) return restoreRecipients(record.recipients)
  if (record.receipt) return recipientsOfReceipt(record.receipt)
  if (!message || record.state === 'reserved') return undefined
  const verdict = formerVerdict(record)
  return untriedList(recipientsOf(message)).map(({ address }) => ({
    ...verdict,
    address,
  }))
}

function recipientsOfReceipt({
  to,
  accepted,
  refused,
  reply,
}: NonNullable<StoredSend['receipt']>): RecipientList {
  const taken = new Set(accepted ?? to)
  const refusals = new Map(refused.map((one) => [one.address, one]))
  return to.map((address) => {
    const refusal = refusals.get(address)
    if (refusal) return { ...refusal, retryable: refusal.outcome === 'deferred' }
    if (taken.has(address)) return { address, outcome: 'accepted', retryable: false, reply }
    return { ...unknownEarlier, address }
  })
}

/** What a record of version 1 says of the whole message. */
function formerVerdict({ state, failure }: StoredSend): Verdict {
  if (state === 'accepted') return { outcome: 'accepted', retryable: false }
  if (state === 'rejected' && !failure) return settledAsRejected
  if (!failure) return unknownEarlier
  const { message, cure, code, fault, retryable, reply, retryAfter, cause } = failure
  return restoreVerdict({
    outcome: state === 'rejected' ? 'rejected' : 'unknown',
    code: state === 'rejected' ? code : unknownOutcome.code,
    fault,
    retryable,
    problem: message,
    cure,
    reply,
    retryAfter,
    cause,
  })
}
