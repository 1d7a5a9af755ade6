import { AsyncLocalStorage } from 'node:async_hooks'
import { from, isObservable, Observable, Subject, takeUntil } from 'rxjs'

type Context = ReturnType<typeof AsyncLocalStorage.snapshot>

/**
 * The result of a method, so that what it does later is done where the method ran: a promise's value when it comes,
 * an Observable at each subscription, a generator at each step. Any other result is returned as it is.
 */
export function keepScope(result: unknown): unknown {
  if (typeof result !== 'object' || result === null) return result
  // What comes after `then` runs where `then` was called, so only what is started by others needs the context itself.
  if (isPlainPromise(result)) return result.then(keepScope)
  if (isObservable(result)) {
    if (isSubject(result)) return result
    const scoped = scopedObservable(result, AsyncLocalStorage.snapshot())
    return replaceMethods(result, new Map([['subscribe', scoped.subscribe.bind(scoped)]]))
  }
  if (isGenerator(result)) return scopedGenerator(result, AsyncLocalStorage.snapshot())
  return result
}

// A promise of another kind carries methods that `then` would lose; its body has started in the scope anyway.
function isPlainPromise(value: object): value is Promise<unknown> {
  return (
    value instanceof Promise &&
    Object.getPrototypeOf(value) === Promise.prototype &&
    Object.getOwnPropertyNames(value).length === 0
  )
}

/** One that others feed: it does nothing when it is subscribed to. What is piped from it has a source, and may. */
function isSubject(value: Observable<unknown>): boolean {
  return value instanceof Subject && Reflect.get(value, 'source') === undefined
}

/** Produces in the method's context and notifies in the subscriber's, as `await` would. */
function scopedObservable(source: Observable<unknown>, method: Context): Observable<unknown> {
  return new Observable((subscriber) => {
    const consumer = AsyncLocalStorage.snapshot()
    // A synchronous source must learn of an unsubscription while it is still in its loop.
    const unsubscribed = new Subject<void>()
    subscriber.add(() => method(() => unsubscribed.next()))
    method(() =>
      from(source)
        .pipe(takeUntil(unsubscribed))
        .subscribe({
          next: (value) => consumer(() => subscriber.next(value)),
          error: (error: unknown) => consumer(() => subscriber.error(error)),
          complete: () => consumer(() => subscriber.complete()),
        }),
    )
  })
}

const steps = ['next', 'return', 'throw'] as const

interface Steps {
  next: (...args: unknown[]) => unknown
  return: (...args: unknown[]) => unknown
  throw: (...args: unknown[]) => unknown
}

function isGenerator(value: object): value is Steps {
  return steps.every((step) => typeof Reflect.get(value, step) === 'function')
}

function scopedGenerator(generator: Steps, method: Context): Steps {
  return replaceMethods(
    generator,
    new Map(
      steps.map((step) => [step, (...args: unknown[]) => method(() => generator[step](...args))]),
    ),
  )
}

/** The object itself but for some methods, so that it keeps its class and what that adds. */
function replaceMethods<Target extends object>(
  object: Target,
  methods: ReadonlyMap<PropertyKey, unknown>,
): Target {
  return new Proxy(object, {
    get: (target, name) => methods.get(name) ?? Reflect.get(target, name),
  })
}
