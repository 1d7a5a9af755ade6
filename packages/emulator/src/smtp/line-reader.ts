const lineFeed = 0x0a
const carriageReturn = 0x0d
const nothing = Buffer.alloc(0)

/** Cuts what a client sends into lines, and keeps no more of a line than a command may have. */
export class LineReader {
  readonly #most: number
  #chunk: Buffer = nothing
  // What is before it was read.
  #at = 0
  #isTooLong = false

  constructor(most: number) {
    this.#most = most
  }

  /** How many bytes wait. */
  get length(): number {
    return this.#chunk.length - this.#at
  }

  push(chunk: Buffer): void {
    this.#chunk = this.length === 0 ? chunk : Buffer.concat([this.#unread, chunk])
    this.#at = 0
  }

  /** The next line without its end, or that it was too long; undefined if none is complete. */
  next(): string | { readonly tooLong: true } | undefined {
    const start = this.#at
    const end = this.#chunk.indexOf(lineFeed, start)
    if (end === -1) {
      if (this.length > this.#most) {
        this.#isTooLong = true
        this.#forget()
      }
      return undefined
    }
    this.#at = end + 1
    const isTooLong = this.#isTooLong || end - start > this.#most
    this.#isTooLong = false
    if (isTooLong) return { tooLong: true }
    // A bare LF ends a command too: Mailgun was seen to take it. It never ends a message.
    const isCrLf = end > start && this.#chunk[end - 1] === carriageReturn
    return this.#chunk.toString('utf8', start, isCrLf ? end - 1 : end)
  }

  /** Takes what waits as it is, or as much of it. */
  take(most: number): Buffer {
    const taken = most >= this.length ? this.#unread : this.#unread.subarray(0, most)
    this.#at += taken.length
    return taken
  }

  /** Puts back so many of the bytes that were taken last. */
  putBack(bytes: number): void {
    this.#at -= bytes
  }

  clear(): void {
    this.#forget()
    this.#isTooLong = false
  }

  get #unread(): Buffer {
    return this.#at === 0 ? this.#chunk : this.#chunk.subarray(this.#at)
  }

  #forget(): void {
    this.#chunk = nothing
    this.#at = 0
  }
}
