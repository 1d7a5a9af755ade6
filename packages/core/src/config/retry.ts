import { ConfigError } from '../outcome/errors.ts'

/** How a `deferred` message is retried. Retries end when `times` or `within` is reached, whichever comes first. */
export interface Retry {
  /** How many retries there can be. Default: 3. */
  readonly times?: number | undefined
  /** How long after the first attempt a retry can start, in milliseconds. Default: 30,000 (30 seconds). */
  readonly within?: number | undefined
  /** The longest pause before the first retry, in milliseconds. It doubles with each retry. Default: 500. */
  readonly baseDelay?: number | undefined
}

/** Every setting of a retry. */
export type ResolvedRetry = { readonly [Setting in keyof Retry]-?: number }

const defaults: ResolvedRetry = { times: 3, within: 30_000, baseDelay: 500 }

const never: ResolvedRetry = { ...defaults, times: 0 }

/**
 * The settings with their defaults. `false` means no retries.
 *
 * @throws {ConfigError} naming the setting.
 */
export function resolveRetry(retry: Retry | false = {}): ResolvedRetry {
  if (retry === false) return never
  if (typeof retry !== 'object')
    throw new ConfigError('retry must be an object, or false for never.')
  for (const [setting, value] of Object.entries(retry)) {
    if (!Object.hasOwn(defaults, setting)) {
      throw new ConfigError(`retry takes ${Object.keys(defaults).join(', ')} only, or false.`)
    }
    if (value !== undefined && !(Number.isSafeInteger(value) && value >= 0)) {
      throw new ConfigError(`retry.${setting} must be a whole number from 0.`)
    }
  }
  return {
    times: retry.times ?? defaults.times,
    within: retry.within ?? defaults.within,
    baseDelay: retry.baseDelay ?? defaults.baseDelay,
  }
}

/** The pause before a repetition, the first being 0: exponential with full jitter, so that many senders do not come back at once. */
export function backoff({ baseDelay, within }: ResolvedRetry, repetition: number): number {
  return Math.random() * Math.min(baseDelay * 2 ** repetition, within)
}
