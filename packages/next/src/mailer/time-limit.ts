import { DeliveryError } from '@mailgun-smtp/core'

/**
 * Runs a send that ends after so many milliseconds, or when the caller's own signal says so.
 *
 * @throws {DeliveryError} `deferred` with `ERR_MAILGUN_TIMEOUT` if the time was over before all was handed over, else
 * `unknown`.
 */
export async function withinTime<Value>(
  milliseconds: number,
  own: AbortSignal | undefined,
  send: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  const controller = new AbortController()
  let isOver = false
  const abort = () => controller.abort()
  const timer =
    milliseconds === Infinity
      ? undefined
      : setTimeout(() => {
          isOver = true
          abort()
        }, milliseconds)
  if (own?.aborted) abort()
  own?.addEventListener('abort', abort, { once: true })
  try {
    return await send(controller.signal)
  } catch (error) {
    throw isOver && error instanceof DeliveryError && error.outcome === 'deferred'
      ? timedOut(error)
      : error
  } finally {
    clearTimeout(timer)
    own?.removeEventListener('abort', abort)
  }
}

function timedOut(aborted: DeliveryError): DeliveryError {
  if (aborted.code !== 'ERR_MAILGUN_ABORTED') return aborted
  return new DeliveryError({
    outcome: 'deferred',
    fault: aborted.fault,
    retryable: aborted.retryable,
    attempts: aborted.attempts,
    messageId: aborted.messageId,
    refused: aborted.refused,
    code: 'ERR_MAILGUN_TIMEOUT',
    message: "The send did not end in time (defineMailer's within).",
    cure: 'Nothing was taken: it is safe to send again. Where the platform gives a request more time, raise within.',
  })
}
