import type { ByteBudget } from './byte-budget.ts'

const endOfData = Buffer.from('\r\n.\r\n')
const stuffedDot = Buffer.from('\r\n.')
const lineEnd = Buffer.from('\r\n')

/** A message as it came after DATA: its bytes, or why they were not kept. */
export type ReadMessage =
  | { readonly raw: Buffer }
  /** It alone is too large, or all that are being received together are. */
  | { readonly unkept: 'size' | 'room' | 'unwanted' }

/** The outcome of a chunk that held the end of the message. */
export interface ReadEnd {
  readonly message: ReadMessage
  /** How many bytes of the chunk belonged to the message, its end included. */
  readonly consumed: number
}

/**
 * Reads the bytes after DATA, in chunks cut anywhere.
 *
 * One rule ends a message: CRLF, dot, CRLF. A dot is taken off a line only after CRLF. Bare LF and
 * bare CR are bytes like others (Mailgun takes them in messages), so `LF.LF`, `LF.CRLF` or `CR.CR`
 * neither end a message nor start a smuggled command.
 */
export class MessageReader {
  readonly #limit: number
  readonly #budget: ByteBudget
  #chunks: Buffer[] = []
  #length = 0
  #reserved = 0
  #unkept: 'size' | 'room' | 'unwanted' | undefined
  // The last four bytes. The message begins as if a line had just ended: a lone dot is its end.
  #tail: Buffer = lineEnd

  /**
   * @param limit the most bytes that are kept; what goes beyond is read and forgotten.
   * @param budget shared with every other message that is being received.
   */
  constructor(limit: number, budget: ByteBudget) {
    this.#limit = limit
    this.#budget = budget
  }

  /** How many bytes were read, the end and stuffed dots included. */
  get length(): number {
    return this.#length
  }

  /** Reads on to the end of the message, and keeps none of it. */
  forget(reason: 'size' | 'room' | 'unwanted' = 'unwanted'): void {
    this.#unkept ??= reason
    this.#chunks = []
    this.#budget.giveBack(this.#reserved)
    this.#reserved = 0
  }

  /** Takes a chunk; undefined if the message goes on after it. */
  push(chunk: Buffer): ReadEnd | undefined {
    const consumed = this.#findEnd(chunk)
    if (consumed === undefined) {
      this.#keep(chunk)
      this.#tail =
        chunk.length < 4 ? Buffer.concat([this.#tail, chunk]).subarray(-4) : chunk.subarray(-4)
      return undefined
    }
    this.#keep(chunk.subarray(0, consumed))
    const message = this.#unkept ? { unkept: this.#unkept } : { raw: this.#assemble() }
    this.forget()
    return { message, consumed }
  }

  #findEnd(chunk: Buffer): number | undefined {
    // The usual chunk begins with a letter, and ends nothing that another began.
    if (endOfData.includes(chunk[0] ?? 0)) {
      const seam = Buffer.concat([this.#tail, chunk.subarray(0, 4)])
      const atSeam = seam.indexOf(endOfData)
      if (atSeam !== -1) return atSeam + endOfData.length - this.#tail.length
    }
    const within = chunk.indexOf(endOfData)
    return within === -1 ? undefined : within + endOfData.length
  }

  #keep(chunk: Buffer): void {
    this.#length += chunk.length
    if (this.#unkept) return
    // The closing ".CRLF" does not count.
    if (this.#length > this.#limit + 3) return this.forget('size')
    if (!this.#budget.take(chunk.length)) return this.forget('room')
    this.#reserved += chunk.length
    this.#chunks.push(chunk)
  }

  /** Copies the chunks into one buffer, once, and moves what follows a stuffed dot to the left. */
  #assemble(): Buffer {
    const bytes = Buffer.concat([lineEnd, ...this.#chunks], lineEnd.length + this.#length)
    const end = bytes.length - 3
    let written = lineEnd.length
    let read = written
    for (let dot = bytes.indexOf(stuffedDot); dot !== -1; dot = bytes.indexOf(stuffedDot, read)) {
      const lineStart = dot + lineEnd.length
      if (lineStart >= end) break
      if (written !== read) bytes.copyWithin(written, read, lineStart)
      written += lineStart - read
      read = lineStart + 1
    }
    // Without a stuffed dot all bytes are where they should be.
    if (written !== read) bytes.copyWithin(written, read, end)
    return bytes.subarray(lineEnd.length, written + end - read)
  }
}
