import { once } from '../process-wide.ts'

/** Keeps the counts of a rate limit, such as in Redis, where several processes see the same. */
export interface RateLimitStore {
  /**
   * Counts one mail under the key, unless `limit` were counted within the last `window` milliseconds.
   *
   * @returns How many milliseconds to wait, if it is one too many; then nothing is counted.
   */
  take(key: string, limit: number, window: number): number | undefined | Promise<number | undefined>
}

/** Counts in memory answer at once. */
export interface MemoryRateLimitStore extends RateLimitStore {
  take(key: string, limit: number, window: number): number | undefined
}

/** When mails were counted under a key, oldest first, in milliseconds. */
interface Counts {
  readonly times: readonly number[]
  /** The longest window that was asked for. */
  readonly window: number
}

const maxKeys = 10_000

/** Counts in memory, by the time that `now` tells in milliseconds. */
export function memoryRateLimitStore(now: () => number = Date.now): MemoryRateLimitStore {
  const byKey = new Map<string, Counts>()
  return {
    take(key, limit, window) {
      const time = now()
      forget(byKey, time)
      const known = byKey.get(key)
      const longest = Math.max(window, known?.window ?? 0)
      const times = (known?.times ?? []).filter((at) => at > time - longest)
      const wait = waitFor(times, limit, window, time)
      // Removed and added again, so that the map is in the order of use: a sender that floods it with new keys pushes out
      // keys of his own, never the one that is asked for each time.
      byKey.delete(key)
      byKey.set(key, { times: wait > 0 ? times : [...times, time], window: longest })
      return wait > 0 ? wait : undefined
    },
  }
}

function waitFor(times: readonly number[], limit: number, window: number, now: number): number {
  if (limit <= 0) return window
  // The mail whose leaving the window makes room.
  const decisive = times[times.length - limit] ?? -Infinity
  return Math.max(0, decisive + window - now)
}

function forget(byKey: Map<string, Counts>, now: number): void {
  for (const [key, { times, window }] of byKey) {
    const isRecent = (times.at(-1) ?? -Infinity) > now - window
    if (isRecent && byKey.size < maxKeys) break
    byKey.delete(key)
  }
}

/** The one store of this process. */
export function processStore(): MemoryRateLimitStore {
  return once('rate-limits/v2', () => memoryRateLimitStore())
}
