import { invalid } from './invalid-message.ts'

/** Longer than a header line can carry. */
const maxLength = 900

/** `id-left "@" id-right` of RFC 5322 §3.6.4, in ASCII. */
const identifier = /^[\w!#$%&'*+/=?^`{|}~.-]+@(?:[\w!#$%&'*+/=?^`{|}~.-]+|\[[!-Z^-~]*\])$/

/**
 * A Message-ID with its angle brackets, which may be missing, and without blanks around it.
 *
 * @throws {InvalidOptionError} for what RFC 5322 has no place for.
 */
export function readMessageId(value: unknown, path: string): string {
  if (typeof value === 'string' && value.length <= maxLength) {
    const trimmed = value.trim()
    const bare =
      trimmed.startsWith('<') && trimmed.endsWith('>') ? trimmed.slice(1, -1).trim() : trimmed
    if (identifier.test(bare)) return `<${bare}>`
  }
  throw invalid(
    path,
    'must be a Message-ID in ASCII, such as <order-4711@mg.example.com> (RFC 5322 §3.6.4)',
  )
}
