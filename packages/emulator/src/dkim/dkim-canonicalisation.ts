/**
 * The `relaxed` canonicalisation of RFC 6376, sections 3.4.2 and 3.4.4, of text with one character a byte.
 *
 * A line may end in LF alone: it is signed as the CRLF that it becomes on the wire. Takes linear time.
 */

/** A header field, without the line end behind it. */
export function relaxedField(field: string): string {
  const colon = field.indexOf(':')
  const name = field.slice(0, colon).trim().toLowerCase()
  const value = withoutRuns(field.slice(colon + 1).replace(/\r?\n/g, ''))
  return `${name}:${value.replace(/^ | $/g, '')}`
}

const [tab, space, lineFeed, carriageReturn] = [0x09, 0x20, 0x0a, 0x0d]

/** A message's body, in one pass over its bytes. */
export function relaxedBody(body: Buffer): Buffer {
  // Each lone LF becomes two bytes, and a last line end may be added.
  const relaxed = Buffer.allocUnsafe(body.length * 2 + 2)
  let written = 0
  /** Up to the end of the last line that is not empty. */
  let kept = 0
  let hasBlanks = false
  for (let at = 0; at < body.length; at++) {
    const byte = body[at] ?? 0
    if (byte === carriageReturn && body[at + 1] === lineFeed) continue
    if (byte === space || byte === tab) {
      hasBlanks = true
    } else if (byte === lineFeed) {
      hasBlanks = false
      relaxed[written++] = carriageReturn
      relaxed[written++] = lineFeed
    } else {
      if (hasBlanks) relaxed[written++] = space
      hasBlanks = false
      relaxed[written++] = byte
      kept = written
    }
  }
  if (kept === 0) return relaxed.subarray(0, 0)
  relaxed[kept] = carriageReturn
  relaxed[kept + 1] = lineFeed
  return relaxed.subarray(0, kept + 2)
}

function withoutRuns(text: string): string {
  return text.replace(/[\t ]+/g, ' ')
}
