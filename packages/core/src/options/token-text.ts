import { maxLineLength, type Folded } from './fold.ts'

/** The longest token that a line can hold: one that is continued begins with a blank. */
export const maxTokenLength: number = maxLineLength - 1

/** Lines are filled up to here (RFC 5322 §2.1.1). */
const preferredLineLength = 76

const decoder = new TextDecoder()

const quote = 0x22
const equals = 0x3d
const backslash = 0x5c

/** Whether JSON writes the character as it is, and no reader can take it for the beginning of an encoded word. */
function isPlain(code: number): boolean {
  return code >= 0x20 && code <= 0x7e && code !== quote && code !== backslash && code !== equals
}

const usualSize = 65_536

/** The bytes of the last string, if they are free: most strings need no new ones. */
let spare: Uint8Array | undefined

/**
 * Joins tokens of ASCII to a string that is folded between them, and only there. It does so byte by byte: to
 * join thousands of short strings takes twice as long, and this is the hot path of a batch.
 */
export class TokenText {
  #bytes = spare ?? new Uint8Array(usualSize)
  #length = 0
  /** Where the last token begins. */
  #token = 0
  /** Where the last line begins, and how many characters come before it on the line. */
  #line = 0
  #indent: number
  readonly #folds: number[] = []

  /** @param column Where the string begins on its first line. */
  constructor(column: number) {
    spare = undefined
    this.#indent = column
  }

  /** How much there is. */
  get length(): number {
    return this.#length
  }

  /** Adds a token. */
  add(token: string): void {
    this.#begin(token.length)
    for (let index = 0; index < token.length; index += 1) {
      this.#bytes[this.#length++] = token.charCodeAt(index)
    }
  }

  /** Adds a string in quotes, unless a character has to be escaped: then nothing is added. */
  addPlain(text: string): boolean {
    this.#begin(text.length + 2)
    const bytes = this.#bytes
    let length = this.#length
    bytes[length++] = quote
    for (let index = 0; index < text.length; index += 1) {
      const code = text.charCodeAt(index)
      if (!isPlain(code)) return false
      bytes[length++] = code
    }
    bytes[length++] = quote
    this.#length = length
    return true
  }

  /** Adds a mark that stays with the token before it, unless that one fills a line of its own. */
  glue(mark: string): void {
    if (this.#length - this.#token >= maxTokenLength) return this.add(mark)
    this.#reserve(1)
    this.#bytes[this.#length++] = mark.charCodeAt(0)
  }

  /** All of it. Nothing can be added any more. */
  end(): Folded {
    this.#fill()
    const text = decoder.decode(this.#bytes.subarray(0, this.#length))
    if (this.#bytes.length === usualSize) spare = this.#bytes
    this.#bytes = new Uint8Array(0)
    return { text, folds: this.#folds }
  }

  #begin(length: number): void {
    this.#fill()
    this.#token = this.#length
    this.#reserve(length)
  }

  /** The last token ends here: it goes on the last line, or on a new one. */
  #fill(): void {
    if (this.#indent + this.#length - this.#line <= preferredLineLength) return
    if (this.#token === this.#line) return
    this.#folds.push(this.#token)
    this.#line = this.#token
    this.#indent = 1
  }

  #reserve(more: number): void {
    const needed = this.#length + more
    if (needed <= this.#bytes.length) return
    const larger = new Uint8Array(Math.max(needed, this.#bytes.length * 2))
    larger.set(this.#bytes)
    this.#bytes = larger
  }
}
