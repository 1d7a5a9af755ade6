import { decodeWords } from '../message/field-words.ts'

/** A header's value with its encoded words (RFC 2047) decoded, wherever they are and in whatever charset. */
export function decodeText(value: string): string {
  return decodeWords(value, decodeCharset)
}

/** Bytes in a charset as a string. In a charset that is unknown, every byte becomes one character. */
export function decodeCharset(charset: string, bytes: Uint8Array): string {
  if (/^(?:unicode-1-1-)?utf-7$/i.test(charset)) {
    return decodeUtf7(new TextDecoder('latin1').decode(bytes))
  }
  try {
    return new TextDecoder(charset).decode(bytes)
  } catch {
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
  }
}

/** RFC 2152, which no decoder of the platform knows: `+…-` holds UTF-16 in Base64, and `+-` is a plus sign. */
function decodeUtf7(text: string): string {
  return text.replace(/\+([A-Za-z\d+/]*)-?/g, (all, base64: string) => {
    if (base64 === '') return all === '+-' ? '+' : all
    const bytes = Buffer.from(base64, 'base64')
    return bytes
      .subarray(0, bytes.length & ~1)
      .swap16()
      .toString('utf16le')
  })
}

/**
 * A text part's content as its reader sees it: line ends are LF, and the lines of `format=flowed` are joined again
 * (RFC 3676). Linear in its length.
 */
export function readableText(
  content: string,
  { flowed = false, delSp = false }: { readonly flowed?: boolean; readonly delSp?: boolean } = {},
): string {
  const text = content.includes('\r') ? content.replaceAll('\r\n', '\n') : content
  if (!flowed) return text
  const lines = text.split('\n')
  let joined = ''
  for (const [at, line] of lines.entries()) {
    const unstuffed = line.startsWith(' ') ? line.slice(1) : line
    const isLast = at === lines.length - 1
    // A space at the end says that the line goes on; that of "-- " introduces a signature.
    const goesOn = unstuffed.endsWith(' ') && unstuffed !== '-- ' && !isLast
    if (goesOn) joined += delSp ? unstuffed.slice(0, -1) : unstuffed
    else joined += isLast ? unstuffed : `${unstuffed}\n`
  }
  return joined
}
