import { ConfigError } from '../outcome/errors.ts'
import type { Store } from '../idempotency/store.ts'
import type { Logger } from '../observe/logger.ts'
import type { SendObserver } from '../observe/send-events.ts'
import { resolveDeadlines, type Deadlines, type ResolvedDeadlines } from './deadlines.ts'
import { checkRateLimit, type RateLimit } from './rate-limit.ts'
import { resolveRetry, type ResolvedRetry, type Retry } from './retry.ts'

/** What to do about a message when you cannot tell whether Mailgun accepted it: hold it, or send it again. */
export type OnUnknown = 'hold' | 'resend'

/** How a mailer hands messages over, whatever it sends through. */
export interface MailerSettings {
  /** How long each phase of an attempt may take, in milliseconds. Default: those of `Deadlines`. */
  readonly deadlines?: Deadlines | undefined
  /** How a `deferred` message is retried. `false` turns retries off. Default: 3 times within 30 seconds. */
  readonly retry?: Retry | false | undefined
  /** What to do when you cannot tell whether Mailgun accepted a message. `'resend'` can give a recipient a second copy, with the same Message-ID. Default: `'hold'`. */
  readonly onUnknown?: OnUnknown | undefined
  /** How many messages may leave, on all connections of the process together. Default: no limit. */
  readonly rateLimit?: RateLimit | undefined
  /** How many messages can wait for a connection. One more is `deferred` at once. Default: 10,000. */
  readonly maxQueue?: number | undefined
  /** Where idempotency keys are kept. Default: the memory of this process. */
  readonly store?: Store | undefined
  /** Logs every send, without bodies, recipients or secrets. Default: none. */
  readonly logger?: Logger | undefined
  /** Objects that get the events of every send, with the same fields as `logger`. Default: none. */
  readonly observers?: readonly SendObserver[] | undefined
}

/** What is known of each setting without looking closer. */
export const mailerSettingKinds: Readonly<
  Record<keyof MailerSettings, readonly ('object' | 'boolean' | 'string' | 'number')[]>
> = {
  deadlines: ['object'],
  retry: ['object', 'boolean'],
  onUnknown: ['string'],
  rateLimit: ['object'],
  maxQueue: ['number'],
  store: ['object'],
  logger: ['object'],
  observers: ['object'],
}

/** @throws {ConfigError} naming a setting that does not exist. */
export function checkSettings(settings: MailerSettings): void {
  for (const setting of Object.keys(settings)) {
    if (!Object.hasOwn(mailerSettingKinds, setting)) {
      throw new ConfigError(
        `A mailer's settings are ${Object.keys(mailerSettingKinds).join(', ')}; the rest belongs to the config.`,
      )
    }
  }
  resolveSettings(settings)
}

/** The settings of the delivery with their defaults. */
export interface ResolvedSettings {
  readonly deadlines: ResolvedDeadlines
  readonly retry: ResolvedRetry
  readonly onUnknown: OnUnknown
  readonly maxQueue: number
}

/** @throws {ConfigError} naming the setting. */
export function resolveSettings(settings: MailerSettings): ResolvedSettings {
  const { onUnknown = 'hold', retry, rateLimit, maxQueue = 10_000, store } = settings
  checkOnUnknown(onUnknown)
  checkObservers(settings.observers)
  if (rateLimit) checkRateLimit(rateLimit)
  for (const method of store ? ['reserve', 'update', 'read'] : []) {
    if (typeof Reflect.get(store ?? {}, method) !== 'function') {
      throw new ConfigError(
        `store must have the methods reserve, update and read; ${method} is missing.`,
      )
    }
  }
  return {
    deadlines: resolveDeadlines(settings.deadlines),
    retry: resolveRetry(retry),
    onUnknown,
    maxQueue,
  }
}

function checkObservers(observers: unknown = []): void {
  const isObserver = (value: unknown): boolean =>
    typeof Reflect.get(Object(value), 'name') === 'string' &&
    typeof Reflect.get(Object(value), 'start') === 'function'
  if (!Array.isArray(observers) || !observers.every(isObserver)) {
    throw new ConfigError('observers must be a list of objects with a name and a method start.')
  }
}

/** @throws {ConfigError} if it is neither of the two. */
export function checkOnUnknown(onUnknown: unknown): void {
  if (onUnknown !== 'hold' && onUnknown !== 'resend') {
    throw new ConfigError("onUnknown must be 'hold' or 'resend'.")
  }
}
