import { scanHeaders } from './header-block.ts'

/** The header of a message as a strict reader sees it. */
export interface HeaderReading {
  /** Whether an empty line ends it. */
  readonly isEnded: boolean
  readonly fields: number
  /** Lines that are neither a field nor its continuation. */
  readonly strayLines: number
  readonly isAscii: boolean
}

export function readHeader(raw: Buffer): HeaderReading {
  const { bodyStart } = scanHeaders(raw)
  // Of an endless header the first part tells enough.
  const text = raw.toString('latin1', 0, Math.min(bodyStart, 1_000_000))
  const lines = text.split(/\r?\n/).filter((line) => line !== '' && !/^[ \t]/.test(line))
  const fields = lines.filter((line) => /^[!-9;-~]+[ \t]*:/.test(line)).length
  return {
    isEnded: /(?:^|\n)\r?\n$/.test(text) || bodyStart > 1_000_000,
    fields,
    strayLines: lines.length - fields,
    isAscii: /^[\t\r\n -~]*$/.test(text),
  }
}

/**
 * Whether a header begins, reaches a line that is not a field, and never ends. A message without any field is a body that
 * lacks its header.
 */
export function hasUnreadableHeader(raw: Buffer): boolean {
  // The usual message is decided by its first bytes.
  if (raw.includes('\r\n\r\n')) return false
  const { isEnded, fields, strayLines } = readHeader(raw)
  return !isEnded && fields > 0 && strayLines > 0
}
