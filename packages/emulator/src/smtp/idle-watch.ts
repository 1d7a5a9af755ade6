import type { Clock } from '../clock.ts'

/** Notices that nothing was heard for a while, with one timer however much is heard. */
export class IdleWatch {
  readonly #clock: Clock
  readonly #milliseconds: number
  readonly #onIdle: () => void
  #heardAt: number
  #cancel: () => void = () => undefined

  constructor(clock: Clock, milliseconds: number, onIdle: () => void) {
    this.#clock = clock
    this.#milliseconds = milliseconds
    this.#onIdle = onIdle
    this.#heardAt = clock.time()
    this.#wait(milliseconds)
  }

  heard(): void {
    this.#heardAt = this.#clock.time()
  }

  stop(): void {
    this.#cancel()
  }

  #wait(milliseconds: number): void {
    this.#cancel = this.#clock.after(milliseconds, () => {
      const rest = this.#heardAt + this.#milliseconds - this.#clock.time()
      if (rest > 0) return this.#wait(rest)
      this.#heardAt = this.#clock.time()
      this.#wait(this.#milliseconds)
      this.#onIdle()
    })
  }
}
