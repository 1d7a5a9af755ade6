/** Calls back when a phase has lasted too long. Going on to a longer phase costs no new timer. */
export class PhaseTimer {
  readonly #expire: () => void
  #timer: NodeJS.Timeout | undefined
  #due = 0
  #fires = 0

  constructor(expire: () => void) {
    this.#expire = expire
  }

  /** Begins a phase of so many milliseconds; the one before is over. */
  begin(length: number): void {
    this.#due = performance.now() + length
    if (this.#timer && this.#due >= this.#fires) return
    this.#set(length)
  }

  stop(): void {
    clearTimeout(this.#timer)
  }

  #set(length: number): void {
    clearTimeout(this.#timer)
    this.#fires = this.#due
    this.#timer = setTimeout(() => {
      const left = this.#due - performance.now()
      if (left > 0) this.#set(left)
      else this.#expire()
    }, length)
  }
}
