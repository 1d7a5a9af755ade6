import type { Halt } from './halt.ts'
import type { SessionError } from './session-error.ts'

interface Waiting {
  readonly start: () => void
  readonly refuse: (error: SessionError) => void
}

/** Gives so many places at once, in the order they are asked for. */
export class PlaceLine {
  #places: number
  #taken = 0
  readonly #waiting: Waiting[] = []

  constructor(places: number) {
    this.#places = places
  }

  /** How many places are taken. */
  get taken(): number {
    return this.#taken
  }

  get isFull(): boolean {
    return this.#taken >= this.#places
  }

  /** Changes how many there are; those that are taken stay so. */
  resize(places: number): void {
    this.#places = places
    this.#serve()
  }

  /**
   * Waits for a place; give it back with `leave`.
   *
   * @throws {SessionError} if the halt comes first.
   */
  async enter(halt: Halt): Promise<void> {
    if (!this.isFull) {
      this.#taken += 1
      return
    }
    let forget: (() => void) | undefined
    try {
      await new Promise<void>((resolve, reject) => {
        const waiting = { start: resolve, refuse: reject }
        this.#waiting.push(waiting)
        forget = halt.onStop((error) => {
          const at = this.#waiting.indexOf(waiting)
          if (at >= 0) this.#waiting.splice(at, 1)
          reject(error)
        })
      })
    } finally {
      forget?.()
    }
  }

  /** Takes a place whether there is one or not: one that left to wait for another place ends, and leaves again. */
  reenter(): void {
    this.#taken += 1
  }

  leave(): void {
    this.#taken -= 1
    this.#serve()
  }

  /** Refuses all that wait. */
  refuse(error: SessionError): void {
    for (const { refuse } of this.#waiting.splice(0)) refuse(error)
  }

  #serve(): void {
    while (!this.isFull) {
      const next = this.#waiting.shift()
      if (next === undefined) return
      this.#taken += 1
      next.start()
    }
  }
}
