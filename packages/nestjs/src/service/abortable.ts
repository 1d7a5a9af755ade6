import { AsyncLocalStorage } from 'node:async_hooks'
import { Observable } from 'rxjs'

/**
 * An Observable that runs anew for each subscription, in the scope where it was made, and is aborted by unsubscribing
 * or by the outer signal. It notifies in the subscriber's own scope.
 */
export function abortable<Value>(
  outer: AbortSignal | undefined,
  run: (signal: AbortSignal, next: (value: Value) => void) => Promise<void>,
): Observable<Value> {
  const here = AsyncLocalStorage.snapshot()
  return new Observable((subscriber) => {
    const consumer = AsyncLocalStorage.snapshot()
    const controller = new AbortController()
    // Not AbortSignal.any: it leaves something behind in a signal that outlives it (Node 20).
    const abort = (): void => controller.abort(outer?.reason)
    outer?.addEventListener('abort', abort)
    if (outer?.aborted) abort()
    subscriber.add(() => {
      outer?.removeEventListener('abort', abort)
      controller.abort()
    })
    here(() => run(controller.signal, (value) => consumer(() => subscriber.next(value)))).then(
      () => subscriber.complete(),
      (error: unknown) => subscriber.error(error),
    )
  })
}
