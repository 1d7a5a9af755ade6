import {
  ConfigError,
  DeliveryError,
  InvalidOptionError,
  MailgunError,
  type DeliveryFailure,
} from '../outcome/errors.ts'
import { unknownOutcome, type NotTaken } from '../outcome/failure-reasons.ts'

/** The key was used for a message that says something else. */
export function mismatch(): InvalidOptionError {
  return new InvalidOptionError(
    'idempotencyKey',
    'was used for another message before: a key belongs to one message, so give this message its own key',
    'ERR_MAILGUN_IDEMPOTENCY_MISMATCH',
  )
}

/** Another send with the key is under way right now. */
export function inFlight(messageId: string): DeliveryError {
  return new DeliveryError({
    code: 'ERR_MAILGUN_IN_FLIGHT',
    outcome: 'unknown',
    fault: 'connection',
    retryable: false,
    attempts: 0,
    messageId,
    message: 'Another send with this idempotencyKey is in progress, so nothing was sent.',
    cure: 'Send again with the same key when the other send has ended: you then get its outcome.',
  })
}

/** A send under the key was handed over, and its outcome was never learned. */
export const unknownEarlier: NotTaken = {
  ...unknownOutcome,
  problem:
    'An earlier send with this idempotencyKey was handed over, but its outcome was not recorded, so nothing was sent again.',
  cure: "Look for its Message-ID in Mailgun's log, then settle the key.",
}

/** The send was settled by hand as not taken. */
export const settledAsRejected: NotTaken = {
  outcome: 'rejected',
  code: 'ERR_MAILGUN_REFUSED',
  fault: 'message',
  retryable: false,
  problem: 'The send with this idempotencyKey was settled as rejected.',
  cure: 'To send the message after all, give it another key.',
}

const storeTrouble = {
  code: 'ERR_MAILGUN_STORE',
  outcome: 'deferred',
  fault: 'connection',
  attempts: 0,
} as const satisfies Partial<DeliveryFailure>

/** The reservation ended before the message was handed over, and the key is free now. */
export function lapsed(messageId: string): DeliveryError {
  return new DeliveryError({
    ...storeTrouble,
    retryable: true,
    messageId,
    message: 'The reservation of the idempotencyKey ended before the message was handed over.',
    cure: 'Mailgun did not accept the message: send again with the same key.',
  })
}

/** The reservation has another owner now: trying on with it is in vain. */
export function reservationLost(messageId: string): DeliveryError {
  return new DeliveryError({
    ...storeTrouble,
    retryable: false,
    messageId,
    message: 'The reservation of the idempotencyKey was lost before the message was handed over.',
    cure: 'Mailgun did not accept the message: send again with the same key.',
  })
}

/** The store failed before the message was handed over. A store's own words may name a key, so only ours are kept. */
export function storeFailed(error: unknown): ConfigError | DeliveryError {
  if (error instanceof ConfigError) return error
  const isOurs = error instanceof MailgunError
  const code: unknown = Reflect.get(Object(error), 'code')
  return new DeliveryError({
    ...storeTrouble,
    retryable: true,
    message: isOurs
      ? error.message
      : 'The store of idempotency keys failed before the message was handed over.',
    cure: 'Mailgun did not accept the message: check the store, then send again.',
    cause: { code: typeof code === 'string' && /^\w{1,64}$/.test(code) ? code : undefined },
  })
}

/** The key or the Message-ID cannot be settled. */
export function unsettleable(rule: string): InvalidOptionError {
  return new InvalidOptionError('idempotencyKey', rule)
}
