// Not from Buffer's pool, whose slabs would be kept whole for the mail beside it.
const scratch = Buffer.alloc(16_384)

/**
 * The same string in memory of its own. A part of a string keeps the whole of it alive, and what is kept of a hundred
 * thousand messages should not keep their header lines.
 */
export function ownText(text: string): string {
  if (text.length * 2 > scratch.length) return text
  // One byte a character where that is enough.
  const encoding = /^[\0-\xff]*$/.test(text) ? 'latin1' : 'utf16le'
  return scratch.toString(encoding, 0, scratch.write(text, encoding))
}

const mostShared = 1_000
const longestShared = 100
let shared = new Map<string, string>()

/** As `ownText`, and once for all of the last strings that are the same: mail after mail has its sender, domain and tags. */
export function sharedText(text: string): string {
  if (text.length > longestShared) return ownText(text)
  const known = shared.get(text)
  if (known !== undefined) return known
  if (shared.size >= mostShared) shared = new Map()
  const own = ownText(text)
  shared.set(own, own)
  return own
}
