// Not from Buffer's pool, whose slabs would be kept whole for the mail beside it.
const scratch = Buffer.alloc(16_384)

/** Mail after mail has the same sender and domain: so many of the last texts are kept once. */
const mostRemembered = 1_000
const longestRemembered = 100
let remembered = new Map<string, string>()

/**
 * The same text in memory of its own. A part of a text keeps the whole of it alive, and what is kept of a hundred
 * thousand messages should not keep their header lines.
 */
export function ownText(text: string): string {
  if (text.length > longestRemembered) return copy(text)
  const known = remembered.get(text)
  if (known !== undefined) return known
  if (remembered.size >= mostRemembered) remembered = new Map()
  const own = copy(text)
  remembered.set(own, own)
  return own
}

function copy(text: string): string {
  if (text.length * 2 > scratch.length) return text
  // One byte a character where that is enough.
  const encoding = /^[\0-\xff]*$/.test(text) ? 'latin1' : 'utf16le'
  return scratch.toString(encoding, 0, scratch.write(text, encoding))
}
