import { invalid } from '../message/message.ts'
import type { FinalMessage } from '../message/message-id.ts'
import type { Receipt } from '../outcome/receipt.ts'
import type { SendWatch } from '../observe/observability.ts'
import type { Reservation } from '../idempotency/idempotency.ts'
import type { Job } from '../delivery/delivery.ts'
import type { Route } from './route.ts'
import { checkOnUnknown, type OnUnknown } from '../config/mailer-settings.ts'

/** What one send asks for besides its message. */
export interface SendRequest {
  readonly signal?: AbortSignal | undefined
  readonly idempotencyKey?: string | undefined
  readonly onUnknown?: OnUnknown | undefined
}

/**
 * Sends a final message by a route: watched, under its key, in its turn.
 *
 * @throws {InvalidOptionError} at once, for a wrong request.
 * @returns a promise that rejects with what came of it.
 */
export function send(route: Route, message: FinalMessage, request: SendRequest): Promise<Receipt> {
  const { signal, idempotencyKey, onUnknown } = request
  if (onUnknown !== undefined) checkOnUnknown(onUnknown)
  // Not instanceof: a test runner's realm has an AbortSignal of its own.
  if (signal !== undefined && typeof signal?.addEventListener !== 'function') {
    throw invalid('signal', 'must be an AbortSignal')
  }
  const deliver = (reservation?: Reservation): Promise<Receipt> => {
    const final = reservation ? { ...message, messageId: reservation.messageId } : message
    return watched(route, final, request, reservation)
  }
  if (idempotencyKey === undefined) return deliver()
  return route.idempotency.run(idempotencyKey, message, deliver)
}

async function watched(
  route: Route,
  message: FinalMessage,
  { signal, onUnknown }: SendRequest,
  reservation: Reservation | undefined,
): Promise<Receipt> {
  const watch = startWatch(route, message)
  let attempts = 0
  // Which port it was is known only once it was dialled.
  const noteAttempt = (): void => {
    if (attempts > 0) watch.attempt(attempts, route.dialer?.port)
  }
  const job: Job = {
    signal,
    onUnknown,
    beforeAttempt(attempt) {
      attempts = attempt
      return reservation?.renew()
    },
    beforeDot: reservation && (() => reservation.handedOver()),
    onUntaken: () => reservation?.takeBack(),
    onRetry(error, delay) {
      noteAttempt()
      watch.retry(error, delay)
    },
  }
  try {
    const receipt = await route.delivery.deliver(message, job)
    noteAttempt()
    watch.end(receipt)
    return receipt
  } catch (error) {
    noteAttempt()
    watch.fail(error)
    throw error
  }
}

function startWatch({ observability, host }: Route, message: FinalMessage): SendWatch {
  return observability.start(() => {
    const recipients =
      message.envelope?.to ?? [message.to, message.cc, message.bcc].flatMap((field) => field ?? [])
    return {
      messageId: message.messageId,
      recipients: [recipients].flat().length,
      host,
      tags: message.mailgun?.tags?.length ?? 0,
    }
  })
}
