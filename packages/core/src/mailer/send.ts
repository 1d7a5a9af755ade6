import type { Job } from '../delivery/delivery.ts'
import type { Reservation } from '../idempotency/idempotency.ts'
import type { FinalMessage } from '../message/message-id.ts'
import type { SendWatch } from '../observe/observability.ts'
import type { Receipt } from '../outcome/receipt.ts'
import type { Route } from './route.ts'
import { checkSendSettings, type SendSettings } from './send-settings.ts'
import { TimeLimit } from './time-limit.ts'

/**
 * Sends a final message by a route: watched, under its key, in its turn, within its time.
 *
 * @throws {InvalidOptionError} at once, for a wrong setting.
 * @returns a promise that rejects with the error of the send.
 */
export function send(
  route: Route,
  message: FinalMessage,
  settings: SendSettings,
): Promise<Receipt> {
  checkSendSettings(settings)
  const { idempotencyKey, onUnknown } = settings
  const limit = new TimeLimit(settings, message.messageId)
  const deliver = (reservation?: Reservation): Promise<Receipt> => {
    limit.deliveryBegins()
    const final = reservation ? { ...message, messageId: reservation.messageId } : message
    return watched(route, final, { limit, onUnknown, reservation })
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
}

async function watched(
  route: Route,
  message: FinalMessage,
  { limit, onUnknown, reservation }: WatchedSend,
): Promise<Receipt> {
  const watch = startWatch(route, message)
  let attempts = 0
  // Which port it was is known only once it was dialled.
  const noteAttempt = (): void => {
    if (attempts > 0) watch.attempt(attempts, route.dialer?.port)
  }
  const job: Job = {
    signal: limit.signal,
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
    const truth = limit.truth(error)
    watch.fail(truth)
    throw truth
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
