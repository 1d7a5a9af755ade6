import { isUtf8 } from 'node:buffer'

/** One header field of a message. */
export interface HeaderField {
  readonly name: string
  /** Unfolded, otherwise as received. */
  readonly value: string
  /** Where the field lies in the bytes, its line ends included. */
  readonly start: number
  readonly end: number
}

/** The header of a message or of one of its parts. */
export interface HeaderBlock {
  readonly fields: readonly HeaderField[]
  /** Where the body begins, behind the empty line. */
  readonly bodyStart: number
}

const lineFeed = 0x0a
const space = 0x20
const tab = 0x09

/** Reads header fields from `start` on, up to the first empty line. Lines may end in CRLF or LF. */
export function scanHeaders(bytes: Buffer, start = 0, end: number = bytes.length): HeaderBlock {
  const fields: HeaderField[] = []
  let at = start
  while (at < end) {
    let next = lineEndAfter(bytes, at, end)
    if (isEmptyLine(bytes, at, next)) return { fields, bodyStart: next }
    while (next < end && (bytes[next] === space || bytes[next] === tab)) {
      next = lineEndAfter(bytes, next, end)
    }
    const field = readField(bytes, at, next)
    if (field) fields.push(field)
    at = next
  }
  return { fields, bodyStart: end }
}

/** The value of the first field of this name. */
export function headerValue(block: HeaderBlock, name: string): string | undefined {
  return block.fields.find((field) => hasName(field, name))?.value
}

export function hasName(field: HeaderField, name: string): boolean {
  return field.name.toLowerCase() === name
}

function lineEndAfter(bytes: Buffer, at: number, end: number): number {
  const found = bytes.indexOf(lineFeed, at)
  return found === -1 || found >= end ? end : found + 1
}

function isEmptyLine(bytes: Buffer, start: number, end: number): boolean {
  return end - start <= 2 && /^\r?\n$/.test(bytes.toString('latin1', start, end))
}

/** Undefined for a line that is no field, such as mbox's "From " line. */
function readField(bytes: Buffer, start: number, end: number): HeaderField | undefined {
  const slice = bytes.subarray(start, end)
  const text = isUtf8(slice) ? slice.toString() : slice.toString('latin1')
  const colon = text.indexOf(':')
  const name = text.slice(0, colon).trim()
  if (colon === -1 || !/^[!-9;-~]+$/.test(name)) return undefined
  return { name, value: unfold(text.slice(colon + 1)), start, end }
}

/** Takes the line ends out and leaves the white space after them, as RFC 5322 section 2.2.3 has it. */
function unfold(value: string): string {
  return value.replace(/\r?\n/g, '').trim()
}
