const lineFeed = 0x0a
const carriageReturn = 0x0d
const space = 0x20
const tab = 0x09

/** Whether a message's header keeps within so many bytes and fields. */
export function isHeaderWithin(
  raw: Buffer,
  { headerBytes, headerFields }: { readonly headerBytes: number; readonly headerFields: number },
): boolean {
  // So short a header has neither: the usual message is decided by one search.
  const end = raw.indexOf('\r\n\r\n')
  if (end !== -1 && end < Math.min(headerBytes, headerFields)) return true
  let fields = 0
  let at = 0
  while (at < raw.length) {
    const found = raw.indexOf(lineFeed, at)
    const end = found === -1 ? raw.length : found + 1
    const first = raw[at]
    if (found === at || (found === at + 1 && first === carriageReturn)) return true
    if (first !== space && first !== tab) fields++
    if (end > headerBytes || fields > headerFields) return false
    at = end
  }
  return true
}
