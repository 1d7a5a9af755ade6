import type { ServerReply } from './transaction-record.ts'

/** In bytes, with its line end. RFC 5321 §4.5.3.1.5 says 512; servers write longer ones, and Postfix reads so many. */
const longestLine = 2048

/** In lines and in bytes. The longest reply known is one to EHLO, of some 30 lines. */
const mostLines = 128
const longestReply = 65_536

const lf = 0x0a
const cr = 0x0d
const space = 0x20
const hyphen = 0x2d
const tab = 0x09
const del = 0x7f

/** What the server sent is not a reply (RFC 5321 §4.2). */
export class MalformedReply extends Error {}

/**
 * Reads replies as RFC 5321 §4.2 writes them, in time linear in their size. It accepts bytes over 127 in the words,
 * which many servers send; nothing else that the grammar does not have.
 */
export class ReplyReader {
  /** The line that has begun. */
  #rest: Buffer | undefined
  /** The reply that has begun. */
  #code: number | undefined
  #lines: string[] = []
  #size = 0

  /** Whether a reply has begun and not ended. */
  get isMidReply(): boolean {
    return this.#rest !== undefined || this.#code !== undefined
  }

  /**
   * Takes the next bytes, and hands on each reply that ends in them.
   *
   * @throws {MalformedReply} for the first line that belongs to no reply; the replies before it were handed on.
   */
  push(chunk: Buffer, onReply: (reply: ServerReply) => void): void {
    let start = 0
    for (let end = chunk.indexOf(lf); end >= 0; end = chunk.indexOf(lf, start)) {
      const line = this.#complete(chunk.subarray(start, end + 1))
      start = end + 1
      const reply = this.#readLine(line)
      if (reply) onReply(reply)
    }
    if (start < chunk.length) this.#rest = this.#complete(chunk.subarray(start))
  }

  #complete(piece: Buffer): Buffer {
    const rest = this.#rest
    this.#rest = undefined
    if ((rest?.length ?? 0) + piece.length > longestLine) throw new MalformedReply('too long')
    return rest ? Buffer.concat([rest, piece]) : piece
  }

  #readLine(line: Buffer): ServerReply | undefined {
    const end = line.length - 2
    if (end < 3 || line[end] !== cr) throw new MalformedReply('no line end')
    const code = codeOf(line)
    const mark = end === 3 ? space : line[3]
    if (mark !== space && mark !== hyphen) throw new MalformedReply('no mark after the code')
    if (this.#code !== undefined && this.#code !== code) {
      throw new MalformedReply('lines of different codes')
    }
    for (let at = 4; at < end; at += 1) {
      const byte = line[at] ?? 0
      if ((byte < space && byte !== tab) || byte === del)
        throw new MalformedReply('control character')
    }
    this.#size += line.length
    this.#lines.push(line.toString('utf8', 4, end))
    if (this.#lines.length > mostLines || this.#size > longestReply) {
      throw new MalformedReply('too many lines')
    }
    if (mark === hyphen) {
      this.#code = code
      return undefined
    }
    const lines = this.#lines
    this.#code = undefined
    this.#lines = []
    this.#size = 0
    const enhanced = enhancedCode(code, lines[0] ?? '')
    return enhanced === undefined ? { code, lines } : { code, enhanced, lines }
  }
}

/** RFC 5321 §4.2 has a second digit up to 5. Servers refuse with higher ones, such as 571, and the first one says it all. */
function codeOf(line: Buffer): number {
  const [first = 0, second = 0, third = 0] = line
  if (
    first < 0x32 ||
    first > 0x35 ||
    second < 0x30 ||
    second > 0x39 ||
    third < 0x30 ||
    third > 0x39
  ) {
    throw new MalformedReply('no code')
  }
  return (first - 0x30) * 100 + (second - 0x30) * 10 + third - 0x30
}

/** RFC 2034 §4: its class is that of the code. */
function enhancedCode(code: number, line: string): string | undefined {
  const enhanced = /^[245]\.\d{1,3}\.\d{1,3}(?![^ ])/.exec(line)?.[0]
  return enhanced?.startsWith(String(Math.floor(code / 100))) ? enhanced : undefined
}
