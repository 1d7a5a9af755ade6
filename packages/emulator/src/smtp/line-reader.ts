const lineFeed = 0x0a

/** Cuts what a client sends into lines, and keeps no more of a line than a command may have. */
export class LineReader {
  readonly #most: number
  #unread: Buffer = Buffer.alloc(0)
  #isTooLong = false

  constructor(most: number) {
    this.#most = most
  }

  /** How many bytes wait. */
  get length(): number {
    return this.#unread.length
  }

  push(chunk: Buffer): void {
    this.#unread = this.#unread.length === 0 ? chunk : Buffer.concat([this.#unread, chunk])
  }

  /** The next line without its end, or that it was too long; undefined if none is complete. */
  next(): string | { readonly tooLong: true } | undefined {
    const at = this.#unread.indexOf(lineFeed)
    if (at === -1) {
      if (this.#unread.length > this.#most) {
        this.#isTooLong = true
        this.#unread = Buffer.alloc(0)
      }
      return undefined
    }
    const line = this.#unread.subarray(0, at)
    this.#unread = this.#unread.subarray(at + 1)
    const isTooLong = this.#isTooLong || line.length > this.#most
    this.#isTooLong = false
    // A bare LF ends a command too: Mailgun was seen to take it. It never ends a message.
    return isTooLong ? { tooLong: true } : line.toString().replace(/\r$/, '')
  }

  /** Takes what waits as it is, or as much of it. */
  take(most: number): Buffer {
    const taken = this.#unread.subarray(0, most)
    this.#unread = this.#unread.subarray(taken.length)
    return taken
  }

  /** Puts back the end of what was taken. */
  putBack(bytes: Buffer): void {
    this.#unread = this.#unread.length === 0 ? bytes : Buffer.concat([bytes, this.#unread])
  }

  clear(): void {
    this.#unread = Buffer.alloc(0)
    this.#isTooLong = false
  }
}
