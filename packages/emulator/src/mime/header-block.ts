import { isUtf8 } from 'node:buffer'

/** One header field of a message. */
export class HeaderField {
  readonly name: string
  /** Where the field lies in the bytes, its line ends included. */
  readonly start: number
  readonly end: number
  readonly #bytes: Buffer
  readonly #valueStart: number
  #value: string | undefined

  constructor(
    name: string,
    bytes: Buffer,
    place: { readonly start: number; readonly valueStart: number; readonly end: number },
  ) {
    this.name = name
    this.start = place.start
    this.end = place.end
    this.#bytes = bytes
    this.#valueStart = place.valueStart
  }

  /** Unfolded, otherwise as received. Most are never asked for. */
  get value(): string {
    if (this.#value === undefined) {
      this.#value = readValue(this.#bytes, this.#valueStart, this.end)
    }
    return this.#value
  }
}

/** The header of a message or of one of its parts. */
export interface HeaderBlock {
  readonly fields: readonly HeaderField[]
  /** Where the body begins, behind the empty line. */
  readonly bodyStart: number
  /** Of the longest line, in bytes, without its line end. */
  readonly longestLine: number
  /** It has more or longer fields than are read; their bytes are kept. */
  readonly isCut: boolean
}

// Room for a thousand recipients' variables of 4 KB; no mail has so many fields.
const limits = { fields: 5_000, fieldBytes: 4_000_000 }

const colon = 0x3a
const lineFeed = 0x0a
const carriageReturn = 0x0d
const space = 0x20
const tab = 0x09

/** Reads header fields from `start` on, up to the first empty line. Lines may end in CRLF or LF. */
export function scanHeaders(bytes: Buffer, start = 0, end: number = bytes.length): HeaderBlock {
  const fields: HeaderField[] = []
  let longestLine = 0
  let isCut = false
  let at = start
  while (at < end) {
    let next = lineEndAfter(bytes, at, end)
    const length = lineLength(bytes, at, next)
    if (length === 0 && next > at) return { fields, bodyStart: next, longestLine, isCut }
    longestLine = Math.max(longestLine, length)
    while (next < end && (bytes[next] === space || bytes[next] === tab)) {
      const lineStart = next
      next = lineEndAfter(bytes, next, end)
      longestLine = Math.max(longestLine, lineLength(bytes, lineStart, next))
    }
    if (fields.length >= limits.fields || next - at > limits.fieldBytes) isCut = true
    else {
      const field = readField(bytes, at, next)
      if (field) fields.push(field)
    }
    at = next
  }
  return { fields, bodyStart: end, longestLine, isCut }
}

/** The value of the first field of this name, which is in lower case. */
export function headerValue(block: HeaderBlock, name: string): string | undefined {
  return block.fields.find((field) => hasName(field, name))?.value
}

export function hasName(field: HeaderField, name: string): boolean {
  return field.name.length === name.length && field.name.toLowerCase() === name
}

function lineEndAfter(bytes: Buffer, at: number, end: number): number {
  const found = bytes.indexOf(lineFeed, at)
  return found === -1 || found >= end ? end : found + 1
}

function lineLength(bytes: Buffer, start: number, next: number): number {
  if (bytes[next - 1] !== lineFeed) return next - start
  const end = next - 1
  return end > start && bytes[end - 1] === carriageReturn ? end - 1 - start : end - start
}

/** Undefined for a line that is not a field, such as mbox's "From " line. */
function readField(bytes: Buffer, start: number, end: number): HeaderField | undefined {
  // No search by indexOf: it would go on to the end of the message, once for each line.
  let at = start
  while (at < end && bytes[at] !== colon) at++
  if (at === end) return undefined
  const name = bytes.toString('latin1', start, at).trim()
  if (!/^[!-9;-~]+$/.test(name)) return undefined
  return new HeaderField(name, bytes, { start, valueStart: at + 1, end })
}

/**
 * Takes the line ends out and leaves the white space after them, as RFC 5322 section 2.2.3 has it; what is around the
 * value is cut off before it becomes a string, which then is not part of a longer one.
 */
function readValue(bytes: Buffer, from: number, to: number): string {
  let [start, end] = [from, to]
  while (start < end && isBlank(bytes[start])) start++
  while (end > start && isBlank(bytes[end - 1])) end--
  const slice = bytes.subarray(start, end)
  const text = isUtf8(slice) ? slice.toString() : decodeMixed(slice)
  return text.includes('\n') ? text.replace(/\r?\n/g, '').trim() : text.trim()
}

/** Bytes that are not UTF-8: mostly UTF-8 that was cut inside a character, otherwise of a charset of one byte each. */
function decodeMixed(bytes: Buffer): string {
  const text = bytes.toString()
  const broken = text.split('\ufffd').length - 1
  const beyondAscii = Array.from(text.slice(0, 1_000)).filter(
    (character) => character > '\x7f',
  ).length
  return broken * 4 <= beyondAscii ? text : bytes.toString('latin1')
}

function isBlank(byte: number | undefined): boolean {
  return byte === space || byte === tab || byte === carriageReturn || byte === lineFeed
}
