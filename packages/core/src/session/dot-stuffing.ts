const lf = 0x0a
const cr = 0x0d
const dot = 0x2e

const crBytes = Buffer.from('\r')
const lfBytes = Buffer.from('\n')
const dotBytes = Buffer.from('.')

/**
 * Writes a message as DATA carries it (RFC 5321 §4.5.2): every line ends with CRLF, and a line that begins with a dot
 * gets one more. A lone CR or LF, which some servers read as the end of a line, becomes CRLF.
 */
export class DotStuffing {
  #last = lf

  /** The next bytes of the message, as they are written. */
  write(chunk: Buffer): Buffer {
    const pieces: Buffer[] = []
    let from = 0
    let last = this.#last
    const insert = (bytes: Buffer, at: number): void => {
      if (at > from) pieces.push(chunk.subarray(from, at))
      pieces.push(bytes)
      from = at
    }
    const { length } = chunk
    for (let at = 0; at < length; at += 1) {
      const byte = chunk[at] ?? 0
      if (last === cr && byte !== lf) {
        insert(lfBytes, at)
        last = lf
      }
      if (byte === lf && last !== cr) insert(crBytes, at)
      else if (byte === dot && last === lf) insert(dotBytes, at)
      last = byte
    }
    this.#last = last
    if (pieces.length === 0) return chunk
    pieces.push(chunk.subarray(from))
    return Buffer.concat(pieces)
  }

  /** What ends the message: the end of its last line, if it has none, and the dot. */
  end(): Buffer {
    if (this.#last === lf) return Buffer.from('.\r\n')
    return Buffer.from(this.#last === cr ? '\n.\r\n' : '\r\n.\r\n')
  }
}
