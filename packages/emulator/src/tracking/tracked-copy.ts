import { applyEdits, type Edit } from '../mime/byte-edits.ts'
import { linksOfHtml, linksOfText, pixelImage, pixelPlace } from './link-tracking.ts'
import { textParts, type TextPart } from '../mime/text-parts.ts'
import { encodeBody, isTransferField, transferFields } from '../mime/text-rewriting.ts'
import type { Tracking } from './tracking.ts'
import { decodeTransferEncoding } from '../mime/transfer-encoding.ts'

/** A link that was rewritten. */
export interface TrackedLink {
  /** Where it leads, as the mail said. */
  readonly url: string
  /** What the recipient follows: it tells of the click, and leads there. */
  readonly address: string
}

/** A copy with what tracking does to it. */
export interface TrackedCopy {
  readonly source: Buffer
  /** In the order of their parts, and of their place in them. */
  readonly links: readonly TrackedLink[]
  /** The address of the pixel, if there is one. */
  readonly pixel: string | undefined
}

/** What gives a copy's links and its pixel their addresses. */
export interface CopyAddresses {
  readonly link: (place: number) => string
  readonly pixel: () => string
}

// Far more than any mail has; those beyond stay as they are.
const mostLinks = 10_000

// Without its line end: RFC 5322 section 2.1.1. Here with the carriage return.
const longestLine = 999
const lineFeed = 0x0a

/** Rewrites links and puts in the pixel. What it does not touch keeps its bytes. */
export function trackCopy(
  source: Buffer,
  tracking: Tracking,
  addresses: CopyAddresses,
): TrackedCopy {
  const links: TrackedLink[] = []
  let changed = 0
  let pixel: string | undefined
  const edits = textParts(source).flatMap((part) => {
    const changes: Change[] = []
    for (const { start, end, link } of linksIn(part, tracking)) {
      if (changed >= mostLinks) break
      changed += 1
      if (link === undefined) changes.push({ start, end, by: '' })
      else {
        const address = addresses.link(links.length)
        links.push({ url: link, address })
        changes.push({ start, end, by: address })
      }
    }
    if (tracking.pixel && pixel === undefined && part.contentType === 'text/html') {
      pixel = addresses.pixel()
      const at = pixelPlace(part.text, tracking.pixel)
      changes.push({ start: at, end: at, by: pixelImage(pixel) })
    }
    return changes.length === 0 ? [] : rewrite(source, part, changes.toSorted(byStart))
  })
  return { source: edits.length === 0 ? source : applyEdits(source, edits), links, pixel }
}

interface Change {
  /** In characters, as the end. */
  readonly start: number
  readonly end: number
  readonly by: string
}

function byStart(one: Change, other: Change): number {
  return one.start - other.start
}

function linksIn(part: TextPart, { clicks }: Tracking): ReturnType<typeof linksOfText> | [] {
  if (clicks !== false && part.contentType === 'text/html') return linksOfHtml(part.text)
  return clicks === true && part.contentType === 'text/plain' ? linksOfText(part.text) : []
}

/** The changes, counted in characters of the part's text, as edits of the source. */
function rewrite(source: Buffer, part: TextPart, changes: readonly Change[]): readonly Edit[] {
  const { header, end } = part
  const start = header.bodyStart
  const body = decodeTransferEncoding(part.encoding, source.subarray(start, end))
  const utf8 = Buffer.from(part.text)
  const inUtf8 = applyEdits(utf8, countedInBytes(part.text, changes))
  const isByteACharacter = part.text.length === body.length
  const inOwnCharset = isByteACharacter ? applyEdits(body, changes) : inUtf8
  if ((isByteACharacter || utf8.equals(body)) && fits(part, inOwnCharset)) {
    const by = isEncoded(part) ? encodeBody(part, inOwnCharset) : inOwnCharset
    return [{ start, end, by }]
  }
  // Of other charsets, and of lines that became too long, UTF-8 takes the place.
  const fields = header.fields.filter(({ name }) => isTransferField(name))
  return [
    { start: part.start, end: part.start, by: transferFields(part) },
    ...fields.map((field) => ({ start: field.start, end: field.end, by: '' })),
    { start, end, by: encodeBody(part, inUtf8) },
  ]
}

function countedInBytes(text: string, changes: readonly Change[]): readonly Edit[] {
  let [characters, bytes] = [0, 0]
  const place = (at: number): number => {
    bytes += Buffer.byteLength(text.slice(characters, at))
    characters = at
    return bytes
  }
  return changes.map(({ start, end, by }) => ({ start: place(start), end: place(end), by }))
}

function fits(part: TextPart, body: Buffer): boolean {
  if (isEncoded(part)) return true
  let start = 0
  while (start < body.length) {
    const found = body.indexOf(lineFeed, start)
    const end = found === -1 ? body.length : found
    if (end - start > longestLine) return false
    start = end + 1
  }
  return true
}

function isEncoded({ encoding }: TextPart): boolean {
  return encoding === 'base64' || encoding === 'quoted-printable'
}
