import type { EventEmitter } from 'node:events'

/** What asks the demo to end: Ctrl-C, a closed terminal, a process manager. */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Within this time, in milliseconds, a second signal is the first one again: Ctrl-C reaches every process of the
 * terminal, and npm, pnpm and turbo each pass it on once more.
 */
const echo = 500

/** The wish that the demo end. */
export class Interruption {
  /** Resolves at the first signal. */
  readonly requested: Promise<void>
  /** What a second signal does. */
  force: () => void = () => {}

  constructor(source: EventEmitter = process, now: () => number = () => performance.now()) {
    let first: number | undefined
    this.requested = new Promise((resolve) => {
      for (const signal of signals) {
        source.on(signal, () => {
          const at = now()
          first ??= at
          if (at - first > echo) this.force()
          resolve()
        })
      }
    })
  }
}
