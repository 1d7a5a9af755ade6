const word = /^=\?([^?\s]+)\?([bq])\?([^?\s]*)\?=$/i

/**
 * Decodes a value made wholly of encoded words (RFC 2047), as nodemailer writes a plain JSON string.
 * Any other value comes back as it is: a look-alike inside a string is just part of it.
 *
 * @param decode throws for a charset that it does not know. Default: `TextDecoder`.
 */
export function decodeEncodedWords(
  value: string,
  decode: (charset: string, bytes: Uint8Array) => string = decodeKnown,
): string {
  const words = value
    .trim()
    .split(/\s+/)
    .map((text) => word.exec(text))
  const runs: { charset: string; bytes: number[] }[] = []
  for (const match of words) {
    if (!match) return value
    const charset = (match[1] ?? '').replace(/\*.*$/, '').toLowerCase()
    const bytes = decodeBytes(match[2] ?? '', match[3] ?? '', charset)
    if (!bytes) return value
    const last = runs.at(-1)
    // A writer may cut a character's bytes over two words, so neighbours are joined before they are decoded.
    // One by one: a spread of a word of a megabyte exhausts the stack.
    if (last?.charset === charset) for (const byte of bytes) last.bytes.push(byte)
    else runs.push({ charset, bytes })
  }
  try {
    return runs.map(({ charset, bytes }) => decode(charset, Uint8Array.from(bytes))).join('')
  } catch {
    // A charset that TextDecoder does not know: the value stays as it was received.
    return value
  }
}

function decodeKnown(charset: string, bytes: Uint8Array): string {
  return new TextDecoder(charset).decode(bytes)
}

function decodeBytes(encoding: string, text: string, charset: string): number[] | undefined {
  if (encoding.toLowerCase() === 'q') {
    const plain = escaped(text, charset)
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

/**
 * Escapes what a writer left beyond ASCII: its bytes, which were read as UTF-8, or one character a byte where they are
 * not UTF-8.
 */
function escaped(text: string, charset: string): string {
  return text.replace(/[^\0-\x7f]+/g, (raw) => {
    const isOneByteEach = charset !== 'utf-8' && /^[\x80-\xff]+$/.test(raw)
    const bytes = isOneByteEach
      ? Array.from(raw, (character) => character.charCodeAt(0))
      : new TextEncoder().encode(raw)
    return Array.from(bytes, (byte) => `=${byte.toString(16).padStart(2, '0')}`).join('')
  })
}
