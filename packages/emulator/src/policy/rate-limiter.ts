import type { Clock } from '../clock.ts'

/** How many recipients are accepted in a time. */
export interface Rate {
  /** How many recipients are accepted each second. Default: no limit. */
  readonly perSecond?: number | undefined
  /** How many recipients are accepted each hour. Default: no limit. */
  readonly perHour?: number | undefined
}

/** A sender whose recipients are counted: a domain, a login or a connection. */
export interface Sender {
  readonly key: string
  readonly rate: Rate
}

const second = 1_000
const hour = 3_600_000

/** A bucket holds as many recipients as its period allows, and fills at an even pace. */
interface Bucket {
  level: number
  readonly capacity: number
  readonly period: number
  filledAt: number
}

/** Counts recipients on a clock. */
export class RateLimiter {
  readonly #clock: Clock
  readonly #buckets = new Map<string, Bucket>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Takes from every sender's buckets, or from none if one holds too few: then returns when to try again. */
  take(count: number, senders: readonly Sender[]): Date | undefined {
    const buckets = this.#bucketsOf(senders)
    const wait = Math.max(0, ...buckets.map((bucket) => waitFor(bucket, count)))
    if (wait > 0) return new Date(this.#clock.time() + Math.ceil(wait))
    for (const bucket of buckets) bucket.level -= count
    return undefined
  }

  /** Puts back what was taken for a message that was not accepted. */
  giveBack(count: number, senders: readonly Sender[]): void {
    for (const bucket of this.#bucketsOf(senders)) {
      bucket.level = Math.min(bucket.capacity, bucket.level + count)
    }
  }

  /** Milliseconds until a message to one recipient would be taken. */
  waitFor(senders: readonly Sender[]): number {
    return Math.max(0, ...this.#bucketsOf(senders).map((bucket) => waitFor(bucket, 1)))
  }

  /** Fills every bucket. */
  clear(): void {
    this.#buckets.clear()
  }

  #bucketsOf(senders: readonly Sender[]): readonly Bucket[] {
    const now = this.#clock.time()
    return senders.flatMap(({ key, rate: { perSecond, perHour } }) => [
      ...(perSecond === undefined ? [] : [this.#filled(`${key} second`, perSecond, second, now)]),
      ...(perHour === undefined ? [] : [this.#filled(`${key} hour`, perHour, hour, now)]),
    ])
  }

  #filled(key: string, capacity: number, period: number, now: number): Bucket {
    const known = this.#buckets.get(key)
    if (known) {
      known.level = levelAt(known, now)
      known.filledAt = now
      return known
    }
    this.#forgetFull(now)
    const bucket = { level: capacity, capacity, period, filledAt: now }
    this.#buckets.set(key, bucket)
    return bucket
  }

  /** A full bucket says nothing that a new one would not. */
  #forgetFull(now: number): void {
    if (this.#buckets.size % 1_000 !== 999) return
    for (const [key, bucket] of this.#buckets) {
      if (levelAt(bucket, now) >= bucket.capacity) this.#buckets.delete(key)
    }
  }
}

function levelAt({ level, capacity, period, filledAt }: Bucket, now: number): number {
  return Math.min(capacity, level + ((now - filledAt) * capacity) / period)
}

function waitFor({ level, capacity, period }: Bucket, count: number): number {
  // More than the bucket ever holds: a whole period, after which the answer is the same.
  if (count > capacity) return period
  // What flowed in drop by drop does not sum up exactly.
  const missing = count - level
  return missing <= 1e-6 ? 0 : (missing * period) / capacity
}
