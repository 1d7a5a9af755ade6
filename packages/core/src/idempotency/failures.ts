import { ConfigError, DeliveryError, InvalidOptionError, MailgunError } from '../outcome/errors.ts'

/** The key was used for a message that says something else. */
export function mismatch(): InvalidOptionError {
  return new InvalidOptionError(
    'idempotencyKey',
    'was used for another message before: a key belongs to one message, so give this message its own key',
    'ERR_MAILGUN_IDEMPOTENCY_MISMATCH',
  )
}

/** Another process is sending under the key right now. */
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

/** A send under the key was handed over, and its outcome was not recorded. */
export function unknownOutcome(messageId: string): DeliveryError {
  return new DeliveryError({
    code: 'ERR_MAILGUN_UNKNOWN_OUTCOME',
    outcome: 'unknown',
    fault: 'connection',
    retryable: false,
    attempts: 0,
    messageId,
    message:
      'An earlier send with this idempotencyKey was handed over, but its outcome was not recorded, so nothing was sent again.',
    cure: "Look for its Message-ID in Mailgun's log, then settle the key.",
  })
}

/** The reservation ended before the message was handed over, and the key is free now. */
export function lapsed(messageId: string): DeliveryError {
  return new DeliveryError({
    code: 'ERR_MAILGUN_STORE',
    outcome: 'deferred',
    fault: 'connection',
    retryable: true,
    attempts: 0,
    messageId,
    message: 'The reservation of the idempotencyKey ended before the message was handed over.',
    cure: 'Mailgun did not accept the message: send again with the same key.',
  })
}

/** Another process has the reservation now: retrying with it cannot work. */
export function reservationLost(messageId: string): DeliveryError {
  return new DeliveryError({
    code: 'ERR_MAILGUN_STORE',
    outcome: 'deferred',
    fault: 'connection',
    retryable: false,
    attempts: 0,
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
    code: 'ERR_MAILGUN_STORE',
    outcome: 'deferred',
    fault: 'connection',
    retryable: true,
    attempts: 0,
    message: isOurs
      ? error.message
      : 'The store of idempotency keys failed before the message was handed over.',
    cure: 'Mailgun did not accept the message: check the store, then send again.',
    cause: { code: typeof code === 'string' && /^\w{1,64}$/.test(code) ? code : undefined },
  })
}

/** The key cannot be settled. */
export function unsettleable(rule: string): InvalidOptionError {
  return new InvalidOptionError('idempotencyKey', rule)
}
