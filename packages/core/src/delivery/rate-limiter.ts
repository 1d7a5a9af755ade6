import type { RateLimit } from '../config/rate-limit.ts'
import { once } from '../process-wide.ts'
import { rateLimited } from '../outcome/halts.ts'
import type { Interruption } from './interruption.ts'

/** So many turns in any span of time. A turn is held from its message's start until a span after its end. */
class Window {
  readonly #limit: number
  readonly #span: number
  #running = 0
  /** When each turn ended, oldest first from `#head` on. */
  #ends: number[] = []
  #head = 0

  constructor(limit: number, span: number) {
    this.#limit = limit
    this.#span = span
  }

  take(): void {
    this.#running += 1
  }

  give(now: number): void {
    this.#running -= 1
    this.#ends.push(now)
  }

  /** Whether every turn is free. */
  isIdle(now: number): boolean {
    this.wait(now, 0)
    return this.#running === 0 && this.#head === this.#ends.length
  }

  /** In how many milliseconds the turn after `ahead` others is free; `Infinity` while that hangs on a running one. */
  wait(now: number, ahead: number): number {
    while (this.#head < this.#ends.length && (this.#ends[this.#head] ?? 0) + this.#span <= now) {
      this.#head += 1
    }
    if (this.#head > 1024 && this.#head * 2 > this.#ends.length) {
      this.#ends = this.#ends.slice(this.#head)
      this.#head = 0
    }
    const held = this.#running + this.#ends.length - this.#head
    const short = held + ahead + 1 - this.#limit
    if (short <= 0) return 0
    const end = this.#ends[this.#head + short - 1]
    return end === undefined ? Infinity : end + this.#span - now
  }
}

interface Waiting {
  readonly until: number
  readonly start: () => void
  readonly refuse: (error: Error) => void
}

/** Hands out turns, first come first served. */
export class RateLimiter {
  readonly #windows: readonly Window[]
  readonly #maxWait: number
  readonly #waiting: Waiting[] = []
  #timer: NodeJS.Timeout | undefined

  constructor({ perSecond, perHour, maxWait = 60_000 }: RateLimit) {
    this.#windows = [
      ...(perSecond ? [new Window(perSecond, 1000)] : []),
      ...(perHour ? [new Window(perHour, 3_600_000)] : []),
    ]
    this.#maxWait = maxWait
  }

  /** Waits for a turn; call what it gives when the message ended. */
  take({ signal }: Pick<Interruption, 'signal'>): Promise<() => void> {
    const now = performance.now()
    const wait = this.#wait(now, this.#waiting.length)
    if (wait !== Infinity && wait > this.#maxWait) return Promise.reject(rateLimited(wait))
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        until: now + this.#maxWait,
        start: () => {
          signal.removeEventListener('abort', leave)
          for (const window of this.#windows) window.take()
          resolve(() => this.#give())
        },
        refuse: (error) => {
          signal.removeEventListener('abort', leave)
          reject(error)
        },
      }
      const leave = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1)
        reject(signal.reason as Error)
        this.#serve()
      }
      signal.addEventListener('abort', leave)
      this.#waiting.push(waiting)
      this.#serve()
    })
  }

  /** Whether nothing that was sent counts any more. */
  isIdle(): boolean {
    const now = performance.now()
    return this.#windows.every((window) => window.isIdle(now))
  }

  #give(): void {
    const now = performance.now()
    for (const window of this.#windows) window.give(now)
    this.#serve()
  }

  #wait(now: number, ahead: number): number {
    return Math.max(0, ...this.#windows.map((window) => window.wait(now, ahead)))
  }

  #serve(): void {
    clearTimeout(this.#timer)
    const now = performance.now()
    for (;;) {
      const [next] = this.#waiting
      if (next === undefined) return
      const wait = this.#wait(now, 0)
      if (wait > 0 && next.until > now) {
        this.#timer = setTimeout(() => this.#serve(), Math.ceil(Math.min(wait, next.until - now)))
        return
      }
      this.#waiting.shift()
      if (wait > 0) next.refuse(rateLimited(wait))
      else next.start()
    }
  }
}

// One login has one limit, whichever copy of this package or mailer sends.
const limiters = once(
  'rate-limits/v1',
  () => new Map<string, { readonly limiter: RateLimiter; users: number }>(),
)

/** The process's limiter for a login. Call `release` when it is no longer used. */
export function sharedLimiter(
  login: string,
  limit: RateLimit,
): { readonly limiter: RateLimiter; release(): void } {
  const key = JSON.stringify([login, limit.perSecond, limit.perHour, limit.maxWait])
  const entry = limiters.get(key) ?? { limiter: new RateLimiter(limit), users: 0 }
  entry.users += 1
  limiters.set(key, entry)
  return {
    limiter: entry.limiter,
    release() {
      entry.users -= 1
      // What was sent in the last hour counts for the login's next mailer too.
      if (entry.users === 0 && entry.limiter.isIdle()) limiters.delete(key)
    },
  }
}
