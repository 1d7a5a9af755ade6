import { halted } from '../outcome/halts.ts'
import type { Interruption } from './interruption.ts'

interface Waiting {
  readonly start: () => void
}

/** Lets so many sends run at once; the others wait in line, up to a bound. */
export class Queue {
  readonly #concurrency: number
  readonly #bound: number
  readonly #waiting = new Set<Waiting>()
  #running = 0

  constructor(concurrency: number, bound: number) {
    this.#concurrency = concurrency
    this.#bound = bound
  }

  /**
   * Waits for a place; `leave` gives it back.
   * @throws {DeliveryError} if too many wait.
   */
  enter(interruption: Interruption): Promise<void> | undefined {
    if (this.#running < this.#concurrency) {
      this.#running += 1
      return undefined
    }
    if (this.#waiting.size >= this.#bound) throw halted('queueFull')
    const { signal } = interruption
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        start: () => {
          signal.removeEventListener('abort', abort)
          resolve()
        },
      }
      const abort = (): void => {
        this.#waiting.delete(waiting)
        reject(signal.reason as Error)
      }
      signal.addEventListener('abort', abort, { once: true })
      this.#waiting.add(waiting)
    })
  }

  leave(): void {
    const [next] = this.#waiting
    if (next === undefined) {
      this.#running -= 1
      return
    }
    this.#waiting.delete(next)
    next.start()
  }
}
