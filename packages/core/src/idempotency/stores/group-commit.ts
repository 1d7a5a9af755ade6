interface Pending {
  readonly line: string
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/** Writes lines one batch after another: those that come while one is written make the next, and share its cost. */
export class GroupCommit {
  readonly #write: (lines: readonly string[]) => Promise<void>
  #pending: Pending[] = []
  #writing: Promise<void> | undefined

  constructor(write: (lines: readonly string[]) => Promise<void>) {
    this.#write = write
  }

  /** Resolves when the line was written. */
  add(line: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#pending.push({ line, resolve, reject })
      this.#writing ??= this.#writeAll()
    })
  }

  /** Resolves when nothing is left to write. */
  async idle(): Promise<void> {
    await this.#writing
  }

  async #writeAll(): Promise<void> {
    while (this.#pending.length > 0) {
      const batch = this.#pending
      this.#pending = []
      try {
        await this.#write(batch.map(({ line }) => line))
        for (const { resolve } of batch) resolve()
      } catch (error) {
        for (const { reject } of batch) reject(error)
      }
    }
    this.#writing = undefined
  }
}
