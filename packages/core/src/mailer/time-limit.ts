import { DeliveryError, restate } from '../outcome/errors.ts'
import { inFlight } from '../idempotency/failures.ts'
import { timedOut } from '../outcome/halts.ts'
import type { SendSettings } from './send-settings.ts'

/** Ends a send when its timeout passes or its caller aborts it, and gives the error the true reason. */
export class TimeLimit {
  /** What the delivery follows; `undefined` if nothing can end the send. */
  readonly signal: AbortSignal | undefined
  readonly #messageId: string
  readonly #own: AbortSignal | undefined
  readonly #timeout: number | undefined
  readonly #controller: AbortController | undefined
  #isOver = false
  #isDelivering = false

  constructor({ signal, timeout }: Pick<SendSettings, 'signal' | 'timeout'>, messageId: string) {
    this.#messageId = messageId
    this.#own = signal
    this.#timeout = timeout
    // Without a timeout, the caller's own signal is enough.
    this.#controller = timeout === undefined ? undefined : new AbortController()
    this.signal = this.#controller?.signal ?? signal
  }

  /** From here on the delivery itself settles when the signal aborts. */
  deliveryBegins(): void {
    this.#isDelivering = true
  }

  /**
   * Runs the send. While it waits for a store, or for another send with the same key, it leaves when the signal aborts; a
   * delivery that begins afterwards finds the signal aborted and sends nothing.
   *
   * @throws {DeliveryError} `ERR_MAILGUN_IN_FLIGHT` if it left so: the other send may have been taken.
   */
  run<Result>(send: () => Promise<Result>): Promise<Result> {
    const { signal } = this
    if (!signal) return send()
    return new Promise((resolve, reject) => {
      const controller = this.#controller
      const leave = (): void => {
        if (!this.#isDelivering) reject(leftWaiting(this.#messageId))
      }
      const abort = (): void => controller?.abort()
      const end = (): void => {
        this.#isOver = !signal.aborted
        abort()
      }
      // Before anyone listens: a delivery that begins at once finds its signal aborted, and says so itself.
      if (this.#own?.aborted) abort()
      signal.addEventListener('abort', leave)
      if (controller) this.#own?.addEventListener('abort', abort)
      const timer = this.#timeout === undefined ? undefined : setTimeout(end, this.#timeout)
      void send()
        .then(resolve, reject)
        .finally(() => {
          clearTimeout(timer)
          signal.removeEventListener('abort', leave)
          this.#own?.removeEventListener('abort', abort)
        })
      if (signal.aborted) leave()
    })
  }

  /** The error, with the timeout as its reason if that is what ended the send. */
  truth(error: unknown): unknown {
    const isMine =
      this.#isOver && error instanceof DeliveryError && error.code === 'ERR_MAILGUN_ABORTED'
    if (!isMine) return error
    return error.outcome === 'unknown'
      ? restate(error, { code: 'ERR_MAILGUN_UNKNOWN_OUTCOME' })
      : timedOut(error)
  }
}

function leftWaiting(messageId: string): DeliveryError {
  return restate(inFlight(messageId), {
    message:
      'This call ended while it waited for the store, or for another send with this idempotencyKey, so it sent nothing.',
  })
}
