import { writeField } from './field-text.ts'
import { hasName } from './header-block.ts'
import type { TextPart } from './text-parts.ts'
import { encodeBase64, encodeQuotedPrintable } from './transfer-encoding.ts'

export function isTransferField(name: string): boolean {
  return /^content-(?:type|transfer-encoding)$/i.test(name)
}

/** The fields of a rewritten text: in UTF-8, as what is put in may be beyond the old charset. */
export function transferFields(part: TextPart): string {
  const contentType = part.header.fields.find((field) => hasName(field, 'content-type'))?.value
  const bare = (contentType ?? 'text/plain').replace(/;\s*charset\s*=\s*(?:"[^"]*"|[^\s;]+)/gi, '')
  const encoding = part.encoding === 'base64' ? 'base64' : 'quoted-printable'
  return (
    writeField('Content-Type', `${bare}; charset=utf-8`) +
    writeField('Content-Transfer-Encoding', encoding)
  )
}

/** A rewritten text as the body of its part. */
export function encodeBody(part: TextPart, text: string | Buffer): string {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text
  if (part.encoding !== 'base64') return encodeQuotedPrintable(bytes)
  // Before a boundary the line end is the boundary's; at the end of a message there is none yet.
  return encodeBase64(bytes) + (part.start === 0 ? '\r\n' : '')
}
