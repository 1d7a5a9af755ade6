import { decodeTransferEncoding } from './transfer-encoding.ts'
import { headerValue, scanHeaders, type HeaderBlock } from './header-block.ts'

/** A part of a message that holds text to be read, not a file. */
export interface TextPart {
  readonly header: HeaderBlock
  /** Where the part's header begins. */
  readonly start: number
  /** Where its body ends; the line end before a boundary belongs to the boundary. */
  readonly end: number
  /** Of the body: `base64`, `quoted-printable` or one that changes no byte. In lower case. */
  readonly encoding: string
  /** The decoded text. */
  readonly text: string
}

// More than any mail needs, few enough that a hostile one costs nothing.
const limits = { depth: 20, parts: 1_000 }

/** Finds every text part of a message, in order; attached files are not among them. */
export function textParts(raw: Buffer): readonly TextPart[] {
  const found: TextPart[] = []
  collect(raw, 0, raw.length, 0, found)
  return found
}

/** The text and the HTML of a message, as a reader sees them; undefined if there is none of the kind. */
export interface BodyTexts {
  readonly text?: string
  readonly html?: string
}

export function bodyTexts(raw: Buffer): BodyTexts {
  const parts = textParts(raw)
  const join = (wanted: boolean): string | undefined => {
    const texts = parts.filter((part) => isHtml(part) === wanted).map(({ text }) => text)
    return texts.length === 0 ? undefined : texts.join('\n')
  }
  const [text, html] = [join(false), join(true)]
  return { ...(text !== undefined && { text }), ...(html !== undefined && { html }) }
}

export function isHtml({ header }: TextPart): boolean {
  return /^text\/html\b/i.test(headerValue(header, 'content-type') ?? '')
}

export function isPlainText({ header }: TextPart): boolean {
  return /^text\/plain\b/i.test(headerValue(header, 'content-type') ?? 'text/plain')
}

function collect(raw: Buffer, start: number, end: number, depth: number, found: TextPart[]): void {
  if (found.length >= limits.parts) return
  const header = scanHeaders(raw, start, end)
  const contentType = headerValue(header, 'content-type') ?? 'text/plain'
  if (/^multipart\//i.test(contentType)) {
    const boundary = multipartBoundary(contentType)
    if (boundary === undefined || depth >= limits.depth) return
    for (const part of splitParts(raw, header.bodyStart, end, boundary)) {
      collect(raw, part.start, part.end, depth + 1, found)
    }
  } else if (/^text\//i.test(contentType) && !isAttachment(header)) {
    const encoding = (headerValue(header, 'content-transfer-encoding') ?? '7bit').toLowerCase()
    const bytes = decodeTransferEncoding(encoding, raw.subarray(header.bodyStart, end))
    const text = decodeText(bytes, parameter(contentType, 'charset') ?? 'utf-8')
    found.push({ header, start, end, encoding, text })
  }
}

function isAttachment(header: HeaderBlock): boolean {
  return /^attachment\b/i.test(headerValue(header, 'content-disposition') ?? '')
}

/** Undefined if the content type has none: such a multipart has no parts. */
export function multipartBoundary(contentType: string): string | undefined {
  return parameter(contentType, 'boundary') || undefined
}

/** The parts between the boundary lines of a multipart body. */
export function splitParts(
  raw: Buffer,
  start: number,
  end: number,
  boundary: string,
): readonly { readonly start: number; readonly end: number }[] {
  const body = raw.subarray(0, end)
  // A boundary begins a line; the one before the first part follows the header's last line end.
  const delimiter = Buffer.from(`\n--${boundary}`, 'latin1')
  const parts: { start: number; end: number }[] = []
  let open: number | undefined
  let at = body.indexOf(delimiter, start - 1)
  while (at !== -1 && parts.length < limits.parts) {
    const lineFeed = body.indexOf(0x0a, at + 1)
    const lineEnd = lineFeed === -1 ? end : lineFeed + 1
    const rest = body.toString('latin1', at + delimiter.length, lineEnd)
    if (/^(?:--)?[ \t]*\r?\n?$/.test(rest)) {
      if (open !== undefined) parts.push({ start: open, end: beforeLineEnd(body, open, at) })
      if (rest.startsWith('--')) return parts
      open = lineEnd
    }
    // The line end of one boundary may stand before the next.
    at = body.indexOf(delimiter, lineEnd - 1)
  }
  if (open !== undefined) parts.push({ start: open, end })
  return parts
}

/** Where a part ends whose boundary's line feed is at this place. */
function beforeLineEnd(body: Buffer, start: number, lineFeed: number): number {
  const end = body[lineFeed - 1] === 0x0d ? lineFeed - 1 : lineFeed
  return Math.max(start, end)
}

function parameter(value: string, name: string): string | undefined {
  const pattern = new RegExp(`;\\s*${name}\\s*=\\s*(?:"((?:[^"\\\\]|\\\\.)*)"|([^\\s;"]+))`, 'i')
  const match = pattern.exec(value)
  return match?.[1]?.replace(/\\(.)/g, '$1') ?? match?.[2]
}

function decodeText(bytes: Buffer, charset: string): string {
  try {
    return new TextDecoder(charset).decode(bytes)
  } catch {
    // A charset nobody knows: every byte becomes a character, so ASCII at least reads well.
    return bytes.toString('latin1')
  }
}
