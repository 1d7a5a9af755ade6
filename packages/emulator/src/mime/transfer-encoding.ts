/** How a part's bytes are written in the message: RFC 2045 section 6. */

/** Decodes the body of a part. An encoding that changes no byte, or that is unknown, decodes to itself. */
export function decodeTransferEncoding(encoding: string, body: Buffer): Buffer {
  if (encoding === 'base64') return Buffer.from(body.toString('latin1'), 'base64')
  return encoding === 'quoted-printable' ? decodeQuotedPrintable(body.toString('latin1')) : body
}

function decodeQuotedPrintable(text: string): Buffer {
  const lines = text.split('\n')
  const joined = lines
    .map((line, at) => {
      const content = withoutTrailingSpace(line)
      if (content.endsWith('=')) return content.slice(0, -1)
      return at === lines.length - 1 ? content : `${content}\r\n`
    })
    .join('')
  const decoded = joined.replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
  return Buffer.from(decoded, 'latin1')
}

// Not by /[ \t\r]+$/, which takes quadratic time over a long run of spaces.
function withoutTrailingSpace(line: string): string {
  let end = line.length
  while (end > 0 && ' \t\r'.includes(line.charAt(end - 1))) end--
  return line.slice(0, end)
}

/** Encodes a string with lines of at most 76 characters. */
export function encodeBase64(bytes: Buffer): string {
  return (bytes.toString('base64').match(/.{1,76}/g) ?? []).join('\r\n')
}

/** Encodes a string with lines of at most 76 characters; its own line ends stay. */
export function encodeQuotedPrintable(bytes: Buffer): string {
  return bytes
    .toString('latin1')
    .split(/\r?\n/)
    .map((line) => softWrap(line.replace(/[^\t\x20-<>-~]|[\t ]$/g, escapeOctet)))
    .join('\r\n')
}

function escapeOctet(character: string): string {
  return `=${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
}

function softWrap(line: string): string {
  const lines: string[] = []
  let at = 0
  while (line.length - at > 76) {
    // 75 characters and the "=", but no octet cut in two.
    const cut = line.slice(at + 73, at + 75).indexOf('=')
    const end = at + (cut === -1 ? 75 : 73 + cut)
    lines.push(line.slice(at, end))
    at = end
  }
  return [...lines, line.slice(at)].join('=\r\n')
}
