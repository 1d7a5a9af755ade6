import { AsyncLocalStorage } from 'node:async_hooks'

// One per process, as bundlers may load this module more than once.
const key = Symbol.for('@mailgun-smtp/nestjs/active-class/v1')
const place: { [key: symbol]: unknown } = globalThis

/**
 * The class of the innermost method that runs in a scope.
 *
 * A class's options are entered once: a method that calls another of its own class must not have its own options
 * overridden by those of the class.
 */
export const activeClass: AsyncLocalStorage<unknown> = (place[key] ??=
  new AsyncLocalStorage<unknown>()) as AsyncLocalStorage<unknown>
