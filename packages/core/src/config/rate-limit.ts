import { ConfigError } from '../outcome/errors.ts'

/** How many messages may leave, on all connections of this process with the same login. */
export interface RateLimit {
  /** How many messages may leave within any second. Default: no limit. */
  readonly perSecond?: number | undefined
  /** How many messages may leave within any hour. Default: no limit. */
  readonly perHour?: number | undefined
  /** How long a message waits for its turn, in milliseconds, before it is `deferred`. Default: 60,000 (60 seconds). */
  readonly maxWait?: number | undefined
}

const settings = ['perSecond', 'perHour', 'maxWait']

/** @throws {ConfigError} naming the setting. */
export function checkRateLimit(limit: RateLimit): void {
  for (const [setting, value] of Object.entries(limit)) {
    if (!settings.includes(setting)) {
      throw new ConfigError(`rateLimit takes ${settings.join(', ')} only.`)
    }
    if (value !== undefined && !(Number.isSafeInteger(value) && value > 0)) {
      throw new ConfigError(`rateLimit.${setting} must be a whole number from 1.`)
    }
  }
}
