import { DeliveryError } from '../outcome/errors.ts'
import type { MailgunMessage } from '../message/message.ts'
import { guarded, type Receipt } from '../outcome/receipt.ts'
import { unknownOutcome } from './failures.ts'
import { envelopeOf } from '../message/envelope.ts'
import type { StoredFailure, StoredReceipt, StoredSend } from './store.ts'

/** What is kept of a receipt. */
export function storeReceipt({
  envelope,
  accepted,
  refused,
  reply,
  attempts,
}: Receipt): StoredReceipt {
  const { from, to } = envelope
  const isAll = accepted.length === to.length && accepted.every((one, index) => one === to[index])
  return { from, to, ...(isAll ? {} : { accepted }), refused, reply, attempts }
}

/** The receipt of an accepted send; of one settled by hand, what its message says of it. */
export function restoreReceipt(
  { messageId, receipt, failure }: StoredSend,
  message: MailgunMessage,
): Receipt {
  // Nobody saw the reply to a message that was settled by hand.
  const { from, to, accepted, refused, reply, attempts } = receipt ?? {
    ...envelopeOf(message),
    accepted: undefined,
    refused: [],
    reply: { code: 250, text: '' },
    attempts: failure?.attempts ?? 1,
  }
  return guarded({
    messageId,
    envelope: { from, to: [...to] },
    accepted: [...(accepted ?? to)],
    refused: refused.map((recipient) => ({ ...recipient })),
    reply: { ...reply },
    attempts,
  })
}

/** What is kept of a failure. */
export function storeFailure(error: DeliveryError): StoredFailure {
  const { code, fault, retryable, cure, attempts, reply, retryAfter } = error
  const {
    code: name,
    command,
    responseCode,
  } = Object(error.cause) as NonNullable<StoredFailure['cause']>
  return {
    code,
    fault,
    retryable,
    // The error shows both as one text.
    message: error.message.slice(0, -cure.length - 1),
    cure,
    attempts,
    reply,
    retryAfter: retryAfter?.toISOString(),
    cause: { code: name, command, responseCode },
  }
}

/** The failure of a rejected or an unknown send. */
export function restoreFailure({ state, messageId, failure }: StoredSend): DeliveryError {
  const isRejected = state === 'rejected'
  if (!failure) return unknownOutcome(messageId)
  return new DeliveryError({
    ...failure,
    // What ended the first send, such as its signal, did not end this one.
    code: isRejected ? failure.code : 'ERR_MAILGUN_UNKNOWN_OUTCOME',
    outcome: isRejected ? 'rejected' : 'unknown',
    messageId,
    retryAfter: failure.retryAfter === undefined ? undefined : new Date(failure.retryAfter),
  })
}

/** The failure of a send that was settled by hand as not taken. */
export const settledAsRejected: StoredFailure = {
  code: 'ERR_MAILGUN_REFUSED',
  fault: 'message',
  retryable: false,
  message: 'The send with this idempotencyKey was settled as rejected.',
  cure: 'To send the message after all, give it another key.',
  attempts: 0,
}
