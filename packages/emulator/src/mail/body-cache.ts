/** What was worked out of bodies that were looked at last, within a number of bytes and entries. */
export class BodyCache<Value> {
  readonly #limits: { readonly entries: number; readonly bytes: number }
  readonly #entries = new Map<string, { readonly size: number; readonly value: Value }>()
  #bytes = 0

  constructor(limits: { readonly entries: number; readonly bytes: number }) {
    this.#limits = limits
  }

  /** The value under this key; `make` gives it, and its size in bytes, when it is not there. */
  read(key: string, make: () => { readonly size: number; readonly value: Value }): Value {
    const known = this.#entries.get(key) ?? make()
    this.#forget(key)
    this.#entries.set(key, known)
    this.#bytes += known.size
    for (const oldest of this.#entries.keys()) {
      const isFull = this.#entries.size > this.#limits.entries || this.#bytes > this.#limits.bytes
      // The newest stays whatever its size: a page asks for a mail and its images one after another.
      if (!isFull || this.#entries.size === 1) break
      this.#forget(oldest)
    }
    return known.value
  }

  clear(): void {
    this.#entries.clear()
    this.#bytes = 0
  }

  #forget(key: string): void {
    this.#bytes -= this.#entries.get(key)?.size ?? 0
    this.#entries.delete(key)
  }
}
