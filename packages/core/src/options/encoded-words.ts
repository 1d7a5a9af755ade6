/** The next encoded word and the blanks before it. */
const next = /\s*=\?([^?\s]+)\?([bq])\?([^?\s]*)\?=(?=\s|$)/iy

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
  let decoded = ''
  let charset: string | undefined
  let bytes: number[] = []
  const end = (): string => (charset === undefined ? '' : decode(charset, Uint8Array.from(bytes)))
  try {
    const words = value.trim()
    for (let at = 0; at < words.length; at = next.lastIndex) {
      next.lastIndex = at
      const match = next.exec(words)
      if (!match) return value
      const [, label = '', encoding = '', content = ''] = match
      // A language may follow the charset (RFC 2231 §5).
      const own = label.split('*', 1).join('').toLowerCase()
      // A writer may cut a character's bytes over two words, so neighbours are joined before they are decoded.
      if (own !== charset) {
        decoded += end()
        charset = own
        bytes = []
      }
      if (encoding.toLowerCase() === 'q') addQuoted(bytes, escaped(content, own))
      else addBytes(bytes, atob(content))
    }
    return charset === undefined ? value : decoded + end()
  } catch {
    // Not Base64, or a charset that is unknown: the value stays as it was received.
    return value
  }
}

function decodeKnown(charset: string, bytes: Uint8Array): string {
  return new TextDecoder(charset).decode(bytes)
}

/** The Q encoding (RFC 2047 §4.2). */
function addQuoted(bytes: number[], content: string): void {
  if (/^[a-z\d]*$/i.test(content)) return addBytes(bytes, content)
  addBytes(
    bytes,
    content
      .replaceAll('_', ' ')
      .replace(/=([0-9a-f]{2})/gi, (_, hex: string) =>
        String.fromCharCode(Number.parseInt(hex, 16)),
      ),
  )
}

// One by one: a spread of a word of a megabyte exhausts the stack.
function addBytes(bytes: number[], content: string): void {
  for (let at = 0; at < content.length; at += 1) bytes.push(content.charCodeAt(at))
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
