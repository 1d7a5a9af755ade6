const word = /^=\?([^?\s]+)\?([bq])\?([^?\s]*)\?=$/i

/**
 * Decodes a value made wholly of encoded words (RFC 2047), as nodemailer writes a plain JSON string.
 * Any other value comes back as it is: a look-alike inside a text is text.
 */
export function decodeEncodedWords(value: string): string {
  const words = value
    .trim()
    .split(/\s+/)
    .map((text) => word.exec(text))
  const runs: { charset: string; bytes: number[] }[] = []
  for (const match of words) {
    if (!match) return value
    const charset = (match[1] ?? '').replace(/\*.*$/, '').toLowerCase()
    const bytes = decodeBytes(match[2] ?? '', match[3] ?? '')
    if (!bytes) return value
    const last = runs.at(-1)
    // A writer may cut a character's bytes over two words, so neighbours are joined before they are decoded.
    // One by one: a spread of a word of a megabyte exhausts the stack.
    if (last?.charset === charset) for (const byte of bytes) last.bytes.push(byte)
    else runs.push({ charset, bytes })
  }
  try {
    return runs
      .map(({ charset, bytes }) => new TextDecoder(charset).decode(Uint8Array.from(bytes)))
      .join('')
  } catch {
    // A charset that TextDecoder does not know: the value stays as it was received.
    return value
  }
}

function decodeBytes(encoding: string, text: string): number[] | undefined {
  if (encoding.toLowerCase() === 'q') {
    const plain = text
      .replaceAll('_', ' ')
      .replace(/=([0-9a-f]{2})/gi, (_, hex: string) =>
        String.fromCharCode(Number.parseInt(hex, 16)),
      )
    return Array.from(plain, (character) => character.charCodeAt(0))
  }
  try {
    return Array.from(atob(text), (character) => character.charCodeAt(0))
  } catch {
    return undefined
  }
}
