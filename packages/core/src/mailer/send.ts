import type { Job } from '../delivery/delivery.ts'
import type { Reservation } from '../idempotency/idempotency.ts'
import { envelopeOf } from '../message/envelope.ts'
import type { FinalMessage } from '../message/message-id.ts'
import type { SendWatch } from '../observe/observability.ts'
import type { SendBatch } from '../observe/send-events.ts'
import { thoseWith, type RecipientList } from '../outcome/recipient-list.ts'
import type { Receipt } from '../outcome/receipt.ts'
import type { Route } from './route.ts'
import { warnOfWorkers } from './worker-warning.ts'
import { checkSendSettings, type SendSettings } from './send-settings.ts'
import { TimeLimit } from './time-limit.ts'

/**
 * Sends a final message through a route: observers follow it, its key and its time limit apply, and it waits for its turn.
 *
 * @throws {InvalidOptionError} at once, for a wrong setting.
 * @returns a promise that rejects with the error of the send.
 */
export function send(
  route: Route,
  message: FinalMessage,
  settings: SendSettings,
  batch?: SendBatch,
): Promise<Receipt> {
  checkSendSettings(settings)
  if (settings.idempotencyKey !== undefined && route.hasOwnKeys) warnOfWorkers()
  const { idempotencyKey, onUnknown } = settings
  const limit = new TimeLimit(settings, message.messageId)
  const deliver = (reservation?: Reservation): Promise<Receipt> => {
    limit.deliveryBegins()
    const final = reservation ? { ...message, messageId: reservation.messageId } : message
    return watched(route, final, { limit, onUnknown, reservation, batch })
  }
  return limit.run(() =>
    idempotencyKey === undefined
      ? deliver()
      : route.idempotency.run(idempotencyKey, message, deliver),
  )
}

/** What a watched send is given. */
interface WatchedSend extends Pick<SendSettings, 'onUnknown'> {
  readonly limit: TimeLimit
  readonly reservation: Reservation | undefined
  readonly batch: SendBatch | undefined
}

async function watched(
  route: Route,
  message: FinalMessage,
  { limit, onUnknown, reservation, batch }: WatchedSend,
): Promise<Receipt> {
  const watch = startWatch(route, message, { known: reservation?.known, batch })
  let attempts = 0
  let port: number | undefined
  // Which port it was is known only once it was dialled.
  const noteAttempt = (): void => {
    if (attempts > 0) watch.attempt(attempts, port)
  }
  const job: Job = {
    signal: limit.signal,
    onUnknown,
    beforeAttempt(attempt) {
      attempts = attempt
      return reservation?.renew()
    },
    onRecord(record) {
      port = record.port
    },
    known: reservation?.known,
    onKnown: reservation && ((recipients, tried) => reservation.learn(recipients, tried)),
    beforeDot: reservation && ((ifLost) => reservation.handedOver(ifLost)),
    onRetry(error, delay) {
      noteAttempt()
      watch.retry(error, delay)
      reservation?.pause()
    },
  }
  try {
    const receipt = await route.delivery.deliver(message, job)
    noteAttempt()
    watch.end(receipt)
    return receipt
  } catch (error) {
    noteAttempt()
    const truth = limit.truth(error)
    watch.fail(truth)
    throw truth
  }
}

function startWatch(
  { observability, host }: Route,
  message: FinalMessage,
  { known, batch }: { readonly known: RecipientList | undefined } & Pick<WatchedSend, 'batch'>,
): SendWatch {
  return observability.start(() => {
    const recipients = known ? thoseWith(known, 'deferred') : envelopeOf(message).to
    return {
      messageId: message.messageId,
      recipients: recipients.length,
      host,
      tags: message.mailgun?.tags?.length ?? 0,
      batch,
    }
  })
}
