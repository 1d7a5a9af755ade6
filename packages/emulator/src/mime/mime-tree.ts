import { decodeCharset, partRole, readableText, type PartRole } from '@mailgun-smtp/core/matchers'
import { headerValue, scanHeaders, type HeaderBlock } from './header-block.ts'
import { readParameters } from './parameters.ts'
import { decodeTransferEncoding } from './transfer-encoding.ts'

/** One part of a mail, and the parts within it. */
export interface MimePart {
  /** Its place, counted from 1 on each level: `1`, `2.1`; empty for the mail as a whole. */
  readonly section: string
  /** It is a mail: the whole, or one that was attached. */
  readonly isMail: boolean
  /** Where the part lies; a mail that was attached in Base64 has bytes of its own. */
  readonly bytes: Buffer
  readonly header: HeaderBlock
  /** Where the part's header begins. */
  readonly start: number
  /** Where its body ends; the line end before a boundary belongs to the boundary. */
  readonly end: number
  /** In lower case, without parameters: `text/plain`. */
  readonly contentType: string
  /** Of Content-Type, by name in lower case. */
  readonly parameters: ReadonlyMap<string, string>
  /** The first word of Content-Disposition, in lower case. */
  readonly disposition: string | undefined
  readonly filename: string | undefined
  /** Without angle brackets. */
  readonly contentId: string | undefined
  /** Of the body: `base64`, `quoted-printable` or one that changes no byte. In lower case. */
  readonly encoding: string
  /** Of a multipart those between its boundaries; of an attached mail, that mail. */
  readonly parts: readonly MimePart[]
}

/**
 * More than any mail needs, few enough that a hostile one costs nothing. What is deeper, later or beyond the bytes
 * is not taken apart: it is a file.
 */
const limits = {
  depth: 20,
  parts: 1_000,
  scannedBytes: 200_000_000,
  boundary: 250,
  nearBoundaries: 20_000,
}

/** Takes a mail apart. Its time is linear in the mail's size, however hostile the mail. */
export function readMimeTree(raw: Buffer): MimePart {
  return new TreeReader().read(raw, {
    start: 0,
    end: raw.length,
    section: '',
    isMail: true,
    depth: 0,
  })
}

interface Place {
  readonly start: number
  readonly end: number
  readonly section: string
  readonly isMail: boolean
  readonly depth: number
}

class TreeReader {
  #partsLeft = limits.parts
  #bytesLeft = limits.scannedBytes

  read(bytes: Buffer, place: Place): MimePart {
    const { start, end, section, isMail } = place
    const header = scanHeaders(bytes, start, end)
    const { value, parameters } = readParameters(headerValue(header, 'content-type') ?? '')
    const disposition = readParameters(headerValue(header, 'content-disposition') ?? '')
    const part: Omit<MimePart, 'parts'> = {
      section,
      isMail,
      bytes,
      header,
      start,
      end,
      contentType: value === '' ? 'text/plain' : value,
      parameters,
      disposition: disposition.value || undefined,
      filename: disposition.parameters.get('filename') || parameters.get('name') || undefined,
      contentId: headerValue(header, 'content-id')?.trim().replace(/^<|>$/g, ''),
      encoding: (headerValue(header, 'content-transfer-encoding') ?? '7bit').trim().toLowerCase(),
    }
    return { ...part, parts: this.#partsOf(part, place) }
  }

  #partsOf(part: Omit<MimePart, 'parts'>, place: Place): readonly MimePart[] {
    const { bytes, header, end, contentType, parameters } = part
    if (place.depth >= limits.depth || !this.#mayScan(end - header.bodyStart)) return []
    const inner = (at: number): string =>
      place.section === '' ? `${at}` : `${place.section}.${at}`
    const depth = place.depth + 1
    if (contentType === 'message/rfc822') {
      const mail = partContent(part)
      // In its place wherever no byte changes, so that nothing is held twice.
      return mail.length === 0
        ? []
        : [this.read(mail, { start: 0, end: mail.length, section: inner(1), isMail: true, depth })]
    }
    const boundary = parameters.get('boundary')
    if (!contentType.startsWith('multipart/') || !boundary || boundary.length > limits.boundary) {
      return []
    }
    return splitParts(bytes, header.bodyStart, end, boundary)
      .filter(() => this.#partsLeft-- > 0)
      .map((piece, at) =>
        this.read(bytes, { ...piece, section: inner(at + 1), isMail: false, depth }),
      )
  }

  #mayScan(count: number): boolean {
    this.#bytesLeft -= count
    return this.#bytesLeft > 0
  }
}

/** The parts that are not a multipart, in order. What an attached mail consists of is not among them. */
export function leavesOf(part: MimePart): readonly MimePart[] {
  if (!part.contentType.startsWith('multipart/')) return [part]
  if (part.parts.length > 0) return part.parts.flatMap(leavesOf)
  // Without a boundary it cannot be taken apart; unless it is blank, it is a file, so that nothing is lost.
  const { bytes, header, end } = part
  const isBlank = /^\s*$/.test(
    bytes.toString('latin1', header.bodyStart, Math.min(end, header.bodyStart + 1_000)),
  )
  return isBlank ? [] : [part]
}

/** How many parts a tree has, itself among them. */
export function countParts({ parts }: MimePart): number {
  return parts.reduce((sum, part) => sum + countParts(part), 1)
}

/** What a part is to its reader, by core's rule. */
export function roleOf({ contentType, disposition, filename, isMail }: MimePart): PartRole {
  return partRole({ contentType, disposition, filename, isWholeMail: isMail })
}

/** The decoded body of a part, or of as many of its bytes. */
export function partContent(
  part: Pick<MimePart, 'bytes' | 'header' | 'end' | 'encoding'>,
  mostBytes: number = Infinity,
): Buffer {
  const { bytes, header, encoding } = part
  const end = Math.min(part.end, header.bodyStart + mostBytes)
  return decodeTransferEncoding(encoding, bytes.subarray(header.bodyStart, end))
}

/** The body of a text part, decoded by its charset; its line ends are as written. */
export function partText(part: MimePart, mostBytes: number = Infinity): string {
  return decodeCharset(part.parameters.get('charset') ?? 'utf-8', partContent(part, mostBytes))
}

/** The text and the HTML of a mail, as its reader sees them; undefined if there is none. */
export interface BodyTexts {
  readonly text?: string
  readonly html?: string
}

/**
 * Reads the bodies: line ends are LF, and flowed lines are joined.
 *
 * @param mostBytes of each part; the rest is left out.
 */
export function bodyTexts(tree: MimePart, mostBytes: number = Infinity): BodyTexts {
  const leaves = leavesOf(tree)
  const join = (role: PartRole): string | undefined => {
    const parts = leaves.filter((part) => roleOf(part) === role)
    return parts.length === 0
      ? undefined
      : parts.map((part) => shownText(part, mostBytes)).join('\n')
  }
  const [text, html] = [join('text'), join('html')]
  return { ...(text !== undefined && { text }), ...(html !== undefined && { html }) }
}

function shownText(part: MimePart, mostBytes: number): string {
  const { parameters } = part
  return readableText(partText(part, mostBytes), {
    flowed: parameters.get('format')?.toLowerCase() === 'flowed',
    delSp: parameters.get('delsp')?.toLowerCase() === 'yes',
  })
}

/** What may follow a boundary on its line: `--`, blanks, the line's end, or nothing. */
const mayFollow: ReadonlySet<number | undefined> = new Set([
  ...Array.from('- \t\r\n', (character) => character.charCodeAt(0)),
  undefined,
])

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
  let nearBoundaries = 0
  let at = body.indexOf(delimiter, Math.max(0, start - 1))
  while (at !== -1 && parts.length < limits.parts) {
    // Most lines that only begin like a boundary are told by their next character.
    if (!mayFollow.has(body[at + delimiter.length])) {
      if (++nearBoundaries > limits.nearBoundaries) break
      at = body.indexOf(delimiter, at + delimiter.length)
      continue
    }
    const lineFeed = body.indexOf(0x0a, at + 1)
    const lineEnd = lineFeed === -1 ? end : lineFeed + 1
    // No more than a few blanks follow a boundary.
    const rest = body.toString('latin1', at + delimiter.length, Math.min(lineEnd, at + 1_000))
    if (/^(?:--)?[ \t]*\r?\n?$/.test(rest)) {
      if (open !== undefined) parts.push({ start: open, end: beforeLineEnd(body, open, at) })
      if (rest.startsWith('--')) return parts
      open = lineEnd
    }
    // The line end of one boundary may be that before the next.
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
