import { propertyPath } from '../options/json.ts'
import { encodeWord } from './encoded-word.ts'
import { type HeaderEntry, headerKey } from './header-entries.ts'
import { invalid } from './invalid-message.ts'
import { nearestName } from './nearest-name.ts'

/** A `List-` header field, as it will be written. */
export interface ListField {
  /** The field's name, such as `List-Unsubscribe`. */
  readonly name: string
  /** Printable ASCII. */
  readonly value: string
}

interface ListRow {
  readonly name: string
  /** What the value is: addresses in angle brackets, an identifier, or words that the RFC gives. */
  readonly kind: 'urls' | 'id' | 'words'
  /** A word that may take the place of all addresses. */
  readonly word?: string
  readonly source: string
}

/** The keys of `list`. */
const rows: Readonly<Record<string, ListRow>> = {
  help: { name: 'List-Help', kind: 'urls', source: 'RFC 2369 §3.1' },
  unsubscribe: { name: 'List-Unsubscribe', kind: 'urls', source: 'RFC 2369 §3.2' },
  subscribe: { name: 'List-Subscribe', kind: 'urls', source: 'RFC 2369 §3.3' },
  post: { name: 'List-Post', kind: 'urls', word: 'NO', source: 'RFC 2369 §3.4' },
  owner: { name: 'List-Owner', kind: 'urls', source: 'RFC 2369 §3.5' },
  archive: { name: 'List-Archive', kind: 'urls', source: 'RFC 2369 §3.6' },
  id: { name: 'List-ID', kind: 'id', source: 'RFC 2919 §3' },
  'unsubscribe-post': { name: 'List-Unsubscribe-Post', kind: 'words', source: 'RFC 8058 §3.1' },
}

const maxEntries = 20
const maxLength = 2000

/**
 * The header fields of a message's `list`: one for each key, as RFC 2369 §2 wants it, its addresses in the order given.
 * A placeholder of Mailgun's is kept whole; a URL is written in ASCII.
 *
 * @throws {InvalidOptionError} naming the entry that no such field can hold.
 */
export function listFields(list: unknown): ListField[] {
  if (list === undefined || list === null || list === false) return []
  if (typeof list !== 'object' || Array.isArray(list)) {
    throw invalid('list', "must be an object, such as { unsubscribe: 'https://example.com/u' }")
  }
  return Object.entries(list).flatMap(([key, value]: [string, unknown], index) => {
    if (value === undefined || value === null || value === false) return []
    const path = propertyPath('list', key, index)
    const row = rowOf(key, path)
    const entries = ([value].flat(Infinity) as unknown[]).slice(0, maxEntries + 1)
    if (entries.length > maxEntries) throw invalid(path, `must hold at most ${maxEntries} entries`)
    const parts = entries.map((entry, at) =>
      writeEntry(entry, row, entries.length > 1 ? `${path}[${at}]` : path),
    )
    return parts.length > 0 ? [{ name: row.name, value: parts.join(', ') }] : []
  })
}

/**
 * A message's headers with the fields of its `list`. A field that the headers have too becomes one with it: theirs
 * first, as it is given.
 */
export function withListFields(headers: readonly HeaderEntry[], list: unknown): HeaderEntry[] {
  const fields = new Map(listFields(list).map((field) => [field.name.toLowerCase(), field]))
  if (fields.size === 0) return [...headers]
  const entries = headers.map((entry): HeaderEntry => {
    const field = fields.get(headerKey(entry.key))
    if (!field || typeof entry.value !== 'string' || entry.value.trim() === '') return entry
    fields.delete(headerKey(entry.key))
    return prepared({ name: field.name, value: `${entry.value.trim()}, ${field.value}` })
  })
  return [...entries, ...Array.from(fields.values(), prepared)]
}

/** A header that nodemailer folds, and otherwise writes as it is. */
function prepared({ name, value }: ListField): HeaderEntry {
  if (!/^[ -~]*$/.test(value)) {
    throw invalid(
      'list',
      `and headers both give ${name}, and the header is not in ASCII: give it once`,
    )
  }
  return { key: name, value: { prepared: true, foldLines: true, value } }
}

function rowOf(key: string, path: string): ListRow {
  // nodemailer takes the key in any case, and with blanks around it.
  const name = key.trim().toLowerCase()
  const row = Object.hasOwn(rows, name) ? rows[name] : undefined
  if (row) return row
  const nearest = nearestName(name, Object.keys(rows))
  throw invalid(
    path,
    `is not a key of list${nearest ? `; did you mean ${nearest}?` : ''} The keys are ${Object.keys(rows).join(', ')}`,
  )
}

function writeEntry(entry: unknown, { kind, word }: ListRow, path: string): string {
  const given: unknown = typeof entry === 'string' ? { url: entry } : entry
  const url: unknown = Reflect.get(Object(given), 'url')
  const comment: unknown = Reflect.get(Object(given), 'comment') ?? ''
  if (typeof url !== 'string' || url.trim() === '' || typeof comment !== 'string') {
    throw invalid(path, 'must be a string or { url, comment }')
  }
  if (url.length > maxLength || comment.length > maxLength) {
    throw invalid(path, `must not be longer than ${maxLength} characters`)
  }
  if (/[\p{Cc}\p{Cs}\u2028\u2029]/u.test(url + comment)) {
    throw invalid(path, 'must not hold line breaks or other control characters')
  }
  const trimmed = url.trim()
  if (kind === 'words') return words(trimmed, path)
  if (kind === 'id') return `${phrase(comment)}<${identifier(trimmed, path)}>`
  const tail = comment === '' ? '' : ` (${commentText(comment)})`
  if (word !== undefined && trimmed.toUpperCase() === word) return word + tail
  return `<${address(trimmed, path)}>${tail}`
}

function words(value: string, path: string): string {
  if (!/^[ -~]+$/.test(value)) throw invalid(path, 'must be printable ASCII')
  return value
}

/** The identifier of a list: a dotted name, from which a scheme is taken off as nodemailer does. */
function identifier(value: string, path: string): string {
  const bare = value.replace(/^<|>$/g, '').replace(/^[a-z]+:(?:\/\/)?/i, '')
  if (!/^[!-;=?-~]+$/.test(bare)) {
    throw invalid(path, 'must be an identifier such as news.example.com (RFC 2919 §2)')
  }
  return bare
}

/** A placeholder of Mailgun's, such as `%unsubscribe_url%` or `%recipient.link%`: only Mailgun knows what it becomes. */
const placeholder = /^%[^%\s<>]{1,200}%/

const schemes = /^(?:https?|mailto|ftp|tel|sms):/i

function address(value: string, path: string): string {
  const bare = value.startsWith('<') && value.endsWith('>') ? value.slice(1, -1).trim() : value
  if (bare === '' || /[\s<>]/.test(bare)) {
    throw invalid(path, 'must be one URL, without blanks and angle brackets')
  }
  if (placeholder.test(bare)) return ascii(bare)
  if (schemes.test(bare)) return ascii(bare)
  return ascii((/^[^@]+@[^@]+$/.test(bare) ? 'mailto:' : 'http://') + bare)
}

/** A URL in ASCII (RFC 3986 §2): the host by IDNA, the rest percent-encoded. Placeholders hold ASCII only, and stay. */
function ascii(url: string): string {
  if (/^[!-~]+$/.test(url)) return url
  const [, scheme = '', host = '', rest = ''] =
    /^([a-z]+:\/\/(?:[^/?#@]*@)?|mailto:[^@?]*@)([^/?#:]*)(.*)$/isu.exec(url) ?? []
  if (scheme === '') return percentEncoded(url)
  const plain = `http://${host}`
  const asciiHost = URL.canParse(plain) ? new URL(plain).hostname : percentEncoded(host)
  return percentEncoded(scheme) + asciiHost + percentEncoded(rest)
}

function percentEncoded(text: string): string {
  return text.replace(/[^!-~]+/gu, (letters) => encodeURIComponent(letters))
}

/** A display name in front of a list's identifier. */
function phrase(comment: string): string {
  if (comment === '') return ''
  if (!isAscii(comment)) return `${encodeWord(comment)} `
  return `"${comment.replace(/["\\]/g, '\\$&')}" `
}

function commentText(comment: string): string {
  return isAscii(comment) ? comment.replace(/[()\\]/g, '\\$&') : encodeWord(comment)
}

function isAscii(text: string): boolean {
  return /^[ -~]*$/.test(text)
}
