import { AsyncLocalStorage } from 'node:async_hooks'
import { mergeOptions } from './merge.ts'
import type { MailgunOptions } from './options.ts'
import { once } from '../process-wide.ts'

/** The layers of options around the running call, outermost first. They are merged at the send, as `null` must clear what lies below the scope too. */
const storage = once('scope/v1', () => new AsyncLocalStorage<readonly MailgunOptions[]>())

/** How a scope relates to the one around it. */
export interface ScopeSettings {
  /** Whether the options of the scope around hold too. Default `true`. */
  readonly inherit?: boolean | undefined
}

/** Runs a function; every message sent meanwhile, however deep, gets the options unless it says otherwise. */
export function withMailgunOptions<Result>(
  options: MailgunOptions,
  run: () => Result,
  settings: ScopeSettings = {},
): Result {
  const around = settings.inherit === false ? [] : scopeLayers()
  return storage.run([...around, options], run)
}

/** Runs a function in just these layers, outermost first, whatever scope is around: those that {@link scopeLayers} gave elsewhere. */
export function withScopeLayers<Result>(
  layers: readonly MailgunOptions[],
  run: () => Result,
): Result {
  return storage.run(layers, run)
}

/** The options of the scope this call runs in, or `undefined` outside any. */
export function currentMailgunOptions(): MailgunOptions | undefined {
  const layers = scopeLayers()
  return layers.length > 0 ? mergeOptions(...layers) : undefined
}

/** The layers of the scope this call runs in, outermost first: to carry them where the asynchronous context does not reach. */
export function scopeLayers(): readonly MailgunOptions[] {
  return storage.getStore() ?? []
}
