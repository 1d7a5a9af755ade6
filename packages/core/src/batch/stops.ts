import type { MailgunErrorCode } from '../outcome/errors.ts'
import { DeliveryError } from '../outcome/errors.ts'
import { BatchError } from './batch-error.ts'
import type { BatchSummary, ChunkResult } from './report.ts'

/** What keeps every further message from being sent too, beside a fault of the account. */
const hopeless: ReadonlySet<MailgunErrorCode> = new Set<MailgunErrorCode>([
  'ERR_MAILGUN_IN_FLIGHT',
  'ERR_MAILGUN_QUEUE_FULL',
  'ERR_MAILGUN_RATE_LIMIT',
  'ERR_MAILGUN_SHUTDOWN',
  'ERR_MAILGUN_STORE',
])

/** So many messages in a row that were not taken, each with its own repetitions, and nothing gets through. */
const maxDeferredInRow = 3

/** Decides when a batch goes no further. The first reason counts. */
export class StopWatch {
  /** Told once, when it stops. */
  onStop: ((reason: unknown) => void) | undefined
  #stopped: { readonly reason: unknown } | undefined
  #deferredInRow = 0

  get isStopped(): boolean {
    return this.#stopped !== undefined
  }

  get reason(): unknown {
    return this.#stopped?.reason
  }

  stop(reason: unknown): void {
    if (this.#stopped) return
    this.#stopped = { reason }
    this.onStop?.(reason)
  }

  /** Records the result of a message. */
  note({ error }: ChunkResult): void {
    // What was rejected, or is unknown, is answered the same when the batch is continued: stopping there would stop it for ever.
    const isDeferred = error?.outcome === 'deferred' && error.fault !== 'recipient'
    this.#deferredInRow = isDeferred ? this.#deferredInRow + 1 : 0
    if (!error) return
    if (
      error.fault === 'account' ||
      hopeless.has(error.code) ||
      this.#deferredInRow >= maxDeferredInRow
    ) {
      this.stop(error)
    }
  }
}

/** A batch that stopped, for a reason that is its cause. */
export function stopped(reason: unknown, summary: BatchSummary): BatchError {
  const cure = reason instanceof DeliveryError ? `${reason.cure} ` : ''
  return new BatchError(
    'ERR_MAILGUN_BATCH_STOPPED',
    `The batch stopped after ${summary.recipients} recipients. ${cure}` +
      'Recipients without a report were not sent anything: send the batch again with its key, or the rest as another batch.',
    summary,
    { cause: reason },
  )
}

/** The recipients or the message are not those of the batch of this key. */
export function changed(summary: BatchSummary): BatchError {
  return new BatchError(
    'ERR_MAILGUN_BATCH_CHANGED',
    `The batch was started with another message or other recipients. It stopped after the ${summary.recipients} ` +
      'recipients that are reported. Continue it with the same message and recipients, or send the rest as a batch with another key.',
    summary,
  )
}

/** The batch was begun so long ago that its receipts are gone. */
export function forgotten(summary: BatchSummary): BatchError {
  return new BatchError(
    'ERR_MAILGUN_BATCH_STOPPED',
    `The batch was started longer ago than the store keeps outcomes. It stopped after ${summary.recipients} recipients. ` +
      'You cannot tell who got a copy: send to those who did not as a batch with another key.',
    summary,
  )
}
