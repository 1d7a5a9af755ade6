/** How a part's bytes are written in the message: RFC 2045 section 6. */

/** Decodes the body of a part. An encoding that changes no byte, or that is unknown, decodes to itself. */
export function decodeTransferEncoding(encoding: string, body: Buffer): Buffer {
  if (encoding === 'base64') return Buffer.from(body.toString('latin1'), 'base64')
  return encoding === 'quoted-printable' ? decodeQuotedPrintable(body) : body
}

const [equals, space, tab, carriageReturn, lineFeed] = [0x3d, 0x20, 0x09, 0x0d, 0x0a]

/** In one pass over the bytes: a mail may have fifty megabytes of them. */
function decodeQuotedPrintable(body: Buffer): Buffer {
  const decoded = Buffer.allocUnsafe(body.length)
  let written = 0
  // Blanks behind this place are at the end of a line: they were added on the way, and are dropped.
  let kept = 0
  let at = 0
  while (at < body.length) {
    const byte = body[at] ?? 0
    if (byte === equals) {
      const lineEnd = softBreakEnd(body, at + 1)
      const octet = lineEnd === undefined ? readOctet(body, at + 1) : undefined
      at = lineEnd ?? (octet === undefined ? at + 1 : at + 3)
      if (lineEnd === undefined) decoded[written++] = octet ?? equals
      kept = written
      continue
    }
    if (byte === lineFeed || (byte === carriageReturn && body[at + 1] === lineFeed)) written = kept
    decoded[written++] = byte
    at++
    if (byte !== space && byte !== tab) kept = written
  }
  return decoded.subarray(0, kept)
}

/** Where the next line begins if only blanks come before it; undefined if the `=` is not a soft line break. */
function softBreakEnd(body: Buffer, from: number): number | undefined {
  let at = from
  while (body[at] === space || body[at] === tab) at++
  if (at === body.length) return at
  if (body[at] === carriageReturn && body[at + 1] === lineFeed) return at + 2
  return body[at] === lineFeed ? at + 1 : undefined
}

function readOctet(body: Buffer, at: number): number | undefined {
  const digits = body.toString('latin1', at, at + 2)
  return /^[\dA-Fa-f]{2}$/.test(digits) ? Number.parseInt(digits, 16) : undefined
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
