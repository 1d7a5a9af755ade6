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

export function relaxedBody(body: string): string {
  const text = withoutRuns(body.replace(/\r?\n/g, '\r\n')).replace(/ (?=\r\n|$)/g, '')
  let end = text.length
  while (end > 1 && text.startsWith('\r\n', end - 2)) end -= 2
  return end === 0 ? '' : `${text.slice(0, end)}\r\n`
}

function withoutRuns(text: string): string {
  return text.replace(/[\t ]+/g, ' ')
}
