/** The time that Mailgun lives in: idle timeouts, quotas and schedules go by it. */
export interface Clock {
  now(): Date
  /** The same in milliseconds since 1970. */
  time(): number
  /** Runs a function once, after so many milliseconds of this clock; returns what cancels it. */
  after(milliseconds: number, run: () => void): () => void
}

/** A span of time: milliseconds, or days, hours, minutes and seconds such as `'3h'` or `'1d12h'`. */
export type Duration = number | string

// A timer of Node's takes no more; it is 24 days.
const longestTimer = 2 ** 31 - 1

/** The machine's time. Its timers keep no process alive. */
export function realClock(): Clock {
  return {
    now: () => new Date(),
    time: () => Date.now(),
    after: (milliseconds, run) => {
      let timer: NodeJS.Timeout
      const wait = (left: number): void => {
        const step = Math.min(left, longestTimer)
        timer = setTimeout(() => (left > step ? wait(left - step) : run()), step).unref()
      }
      wait(milliseconds)
      return () => clearTimeout(timer)
    },
  }
}

/** A time that only moves when it is told to. It starts at the machine's. */
export class VirtualClock implements Clock {
  #now = Date.now()
  // Those of one time run as they were set. What is set and cancelled again and again takes no room.
  readonly #waiting = new Map<number, Set<{ readonly run: () => void }>>()
  /** The keys of the map, the last one due first. */
  readonly #times: number[] = []

  now(): Date {
    return new Date(this.#now)
  }

  time(): number {
    return this.#now
  }

  after(milliseconds: number, run: () => void): () => void {
    const at = this.#now + Math.max(0, milliseconds)
    let entries = this.#waiting.get(at)
    if (!entries) {
      entries = new Set()
      this.#waiting.set(at, entries)
      this.#times.splice(this.#placeOf(at), 0, at)
    }
    const entry = { run }
    entries.add(entry)
    return () => entries.delete(entry)
  }

  /**
   * Moves the time on, and runs what falls due on the way, each at its own moment and in order.
   *
   * @throws {RangeError} if the duration is negative or cannot be read.
   */
  advance(duration: Duration): void {
    const end = this.#now + readDuration(duration)
    for (let at = this.#times.at(-1); at !== undefined && at <= end; at = this.#times.at(-1)) {
      this.#now = Math.max(this.#now, at)
      const entries = this.#waiting.get(at)
      const [next] = entries ?? []
      if (next) {
        entries?.delete(next)
        next.run()
      } else {
        this.#waiting.delete(at)
        this.#times.pop()
      }
    }
    this.#now = end
  }

  #placeOf(time: number): number {
    let [low, high] = [0, this.#times.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#times[middle] ?? 0) > time) low = middle + 1
      else high = middle
    }
    return low
  }
}

const units: Readonly<Record<string, number>> = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000 }

/** A duration in milliseconds. */
export function readDuration(duration: Duration): number {
  if (typeof duration === 'number' && duration >= 0) return duration
  if (typeof duration === 'string' && /^(?:\d+(?:\.\d+)?[dhms])+$/.test(duration)) {
    return Array.from(
      duration.matchAll(/([\d.]+)([dhms])/g),
      ([, count, unit]) => Number(count) * (units[unit ?? ''] ?? 0),
    ).reduce((sum, part) => sum + part, 0)
  }
  throw new RangeError("A duration is a number of milliseconds, or such as '3h', '90s' or '1d12h'.")
}
