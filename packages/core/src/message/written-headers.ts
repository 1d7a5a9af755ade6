import { invalid } from './invalid-message.ts'

/** Header fields that are written from something else, with what to set instead. A second one would contradict it. */
const written: Readonly<Record<string, { readonly instead: string; readonly source: string }>> = {
  'return-path': {
    instead: 'the last server writes it, from envelope.from',
    source: 'RFC 5321 §4.4',
  },
  'content-type': { instead: 'it follows from text, html and attachments', source: 'RFC 2045 §5' },
  'content-transfer-encoding': { instead: 'set textEncoding', source: 'RFC 2045 §6' },
  'content-disposition': { instead: 'only a part has one', source: 'RFC 2183 §2' },
  'content-id': { instead: "set an attachment's cid", source: 'RFC 2045 §7' },
  'content-description': { instead: 'only a part has one', source: 'RFC 2045 §8' },
  'content-location': { instead: 'only a part has one', source: 'RFC 2557 §4.2' },
  'mime-version': { instead: 'it is always 1.0', source: 'RFC 2045 §4' },
}

/** The same for a part: it has fields of its own for them. */
const writtenInPart: typeof written = {
  'content-type': { instead: 'set contentType', source: 'RFC 2045 §5' },
  'content-transfer-encoding': { instead: 'set contentTransferEncoding', source: 'RFC 2045 §6' },
  'content-disposition': { instead: 'set contentDisposition', source: 'RFC 2183 §2' },
}

/** Refuses, by name, a header of a message that is written from something else. */
export function refuseWrittenHeader(name: string, path: string): void {
  refuse(written, name, path)
}

/**
 * Refuses a header that a part cannot have. Of a part only `Content-` fields have a meaning (RFC 2045 §9); any other
 * field of a sole part would become one of the message.
 */
export function refusePartHeader(name: string, path: string): void {
  refuse(writtenInPart, name, path)
  if (/^(?:content|x)-/.test(name)) return
  throw invalid(
    path,
    'must be a Content- or X- header: any other is a header of the message, so set it there (RFC 2045 §9)',
  )
}

function refuse(table: typeof written, name: string, path: string): void {
  const row = Object.hasOwn(table, name) ? table[name] : undefined
  if (row) throw invalid(path, `must not be ${titled(name)}: ${row.instead} (${row.source})`)
}

function titled(name: string): string {
  return name.replace(/^mime|^[a-z]|-(?:id$|[a-z])/g, (letters) => letters.toUpperCase())
}

/** Fields that a message has once (RFC 5322 §3.6, RFC 2045, RFC 2369 §2, RFC 2919 §3, RFC 8058 §3.1). */
const single = new Set(
  (
    'date from sender reply-to to cc message-id in-reply-to references subject mime-version ' +
    'list-help list-unsubscribe list-subscribe list-post list-owner list-archive list-id ' +
    'list-unsubscribe-post'
  )
    .split(' ')
    .concat(Object.keys(written)),
)

/** The name of a field that is there twice although a message has it once. */
export function repeatedField(fields: readonly string[]): string | undefined {
  const seen = new Set<string>()
  for (const field of fields) {
    const name = field
      .slice(0, Math.max(field.indexOf(':'), 0))
      .trim()
      .toLowerCase()
    if (single.has(name) && seen.has(name)) return titled(name)
    seen.add(name)
  }
  return undefined
}
