import type { SendMailOptions } from 'nodemailer'
import { refuseBodyFields } from './body-part.ts'
import { headerEntries, headerKey, isAddressHeader } from './header-entries.ts'
import { invalid } from './invalid-message.ts'
import { refuse } from './message.ts'
import { type Part, partsOf } from './parts.ts'
import { refusePartHeader, refuseWrittenHeader } from './written-headers.ts'

/**
 * Refuses, with a clear error, the known ways to bring a header or a file past this package.
 * It is for the reader of the error: what holds is the check of the header block as built.
 *
 * @throws {InvalidOptionError} naming the field.
 */
export function refuseDisguises(message: SendMailOptions): void {
  refuse(
    message,
    'raw',
    'is not allowed: options are added to the headers of a message that is built here',
  )
  refuse(message, 'normalizeHeaderKey', 'is not allowed: it could rename a header')
  checkHeaders(message.headers, 'headers', refuseWrittenHeader)
  checkTexts(message)
  checkLists(message)
  for (const { part, path } of partsOf(message)) {
    refusePart(part, path, 'raw', 'is not allowed: it could replace the headers')
    checkPart({ part, path })
    if (message.disableFileAccess !== false) {
      refuseAccess(part, path, 'path', 'allow it with disableFileAccess: false')
    }
    if (message.disableUrlAccess !== false) {
      refuseAccess(part, path, 'href', 'allow it with disableUrlAccess: false')
    }
  }
}

function checkTexts(message: SendMailOptions): void {
  for (const field of ['subject', 'messageId', 'inReplyTo'] as const) {
    if (message[field] !== undefined && typeof message[field] !== 'string') {
      throw invalid(field, 'must be a string')
    }
  }
  for (const field of [
    'xMailer',
    'baseBoundary',
    'boundaryPrefix',
    'newline',
    'priority',
    'encoding',
    'textEncoding',
  ]) {
    refuseNonText(message, field, field)
  }
  for (const field of ['subject', 'messageId', 'inReplyTo', 'references'] as const) {
    refuseEndlessWords(message[field], field)
  }
  // nodemailer takes the blanks out of both, so nothing breaks their lines.
  for (const field of ['list', 'baseBoundary', 'boundaryPrefix', 'dsn', 'otp']) {
    refuseEndlessWords(Reflect.get(message, field), field, false)
  }
  const { references } = message
  for (const id of Array.isArray(references) ? references : [references ?? '']) {
    if (typeof id !== 'string') throw invalid('references', 'must be strings')
  }
  for (const field of ['messageId', 'inReplyTo'] as const) {
    // Some readers of a mail end a line at these, too.
    if (/[\u2028\u2029]|[^\P{Cc}\t]/u.test(message[field] ?? '')) {
      throw invalid(field, 'must not hold line breaks or other control characters')
    }
  }
}

function checkLists(message: SendMailOptions): void {
  for (const field of ['attachments', 'alternatives'] as const) {
    const list: unknown[] = [message[field] ?? []].flat()
    list.forEach((part, index) => {
      if (typeof part !== 'object' || part === null || Array.isArray(part)) {
        throw invalid(`${field}[${index}]`, 'must be an object with its content')
      }
    })
  }
}

const partTexts = [
  'filename',
  'contentType',
  'contentDisposition',
  'contentTransferEncoding',
  'cid',
  'method',
]

// A sole part is the root: its fields become headers of the message, and its addresses recipients.
function checkPart({ part, path }: Part): void {
  for (const field of partTexts) refuseNonText(part, field, `${path}.${field}`)
  refuseBodyFields(part, path)
  const headers: unknown = Reflect.get(part, 'headers')
  headerEntries(headers, `${path}.headers`).forEach(({ key }, index) => {
    if (isAddressHeader(key)) throw invalid(`${path}.headers[${index}]`, 'must not hold addresses')
  })
  checkHeaders(headers, `${path}.headers`, refusePartHeader)
}

// nodemailer writes `{ prepared: true, value }` as it is, wherever a header may come from, and of a function its source.
function refuseNonText(object: object, field: string, path: string): void {
  const value: unknown = Reflect.get(object, field)
  if (value === undefined || value === null || value === false) return
  if (typeof value !== 'string') throw invalid(path, 'must be a string')
  refuseEndlessWords(value, path)
}

/** A header line has at most 998 characters (RFC 5322 §2.1.1), some of them the name; nodemailer breaks it at blanks only. */
const longestWord = 900

/** Postfix cuts a field that is longer (header_size_limit, 102,400 bytes), and nodemailer takes seconds for a few megabytes. */
const longestField = 100_000

/** How deep nodemailer's own forms of a header nest, and one more. */
const maxDepth = 4

function refuseEndlessWords(value: unknown, path: string, keepsBlanks = true, depth = 0): void {
  if (typeof value === 'string') refuseEndlessWord(value, path, keepsBlanks)
  if (typeof value !== 'object' || value === null || depth > maxDepth) return
  for (const [key, inner] of Object.entries(value)) {
    refuseEndlessWord(key, path, false)
    refuseEndlessWords(inner, path, keepsBlanks || key === 'comment', depth + 1)
  }
}

// Letters beyond ASCII are encoded, in words of their own length.
function refuseEndlessWord(text: string, path: string, keepsBlanks: boolean): void {
  if (text.length <= longestWord) return
  if (text.length > longestField) {
    throw invalid(path, `must not be longer than ${longestField} characters`)
  }
  const words = keepsBlanks ? (text.match(/[!-~]+/g) ?? []) : [text]
  if (!words.some((word) => word.length > longestWord)) return
  throw invalid(
    path,
    `must not hold a word of more than ${longestWord} characters: no header line can carry it`,
  )
}

function checkHeaders(
  headers: unknown,
  path: string,
  refuseName: (name: string, path: string) => void,
): void {
  headerEntries(headers, path).forEach(({ key, value }, index) => {
    const place = `${path}[${index}]`
    const name = headerKey(key)
    if (/^x[-_]mailgun[-_]/.test(name)) {
      throw invalid(place, 'must not be an X-Mailgun- header: options belong in message.mailgun')
    }
    refuseName(name, place)
    refuseEndlessWord(key, place, false)
    checkHeaderValue(value, place)
    refuseEndlessWords(value, place)
  })
}

function checkHeaderValue(value: unknown, path: string, depth = 0): void {
  if (typeof value === 'function' || typeof value === 'symbol' || depth > maxDepth) {
    throw invalid(path, 'must be a string')
  }
  if (typeof value !== 'object' || value === null || value instanceof Date) return
  if (Array.isArray(value)) {
    for (const item of value) checkHeaderValue(item, path, depth + 1)
    return
  }
  if (Reflect.get(value, 'prepared')) {
    throw invalid(path, 'must not be prepared: that writes a header as it is')
  }
  if (typeof Reflect.get(value, 'value') !== 'string') throw invalid(path, 'must be a string')
}

function refusePart(part: object, path: string, field: string, rule: string): void {
  const value: unknown = Reflect.get(part, field)
  if (value !== undefined && value !== null && value !== false)
    throw invalid(`${path}.${field}`, rule)
}

function refuseAccess(part: object, path: string, field: 'path' | 'href', cure: string): void {
  const value: unknown = Reflect.get(part, field)
  if (value === undefined || value === null) return
  if (typeof value === 'string' && /^data:/i.test(value)) return
  throw invalid(
    `${path}.${field}`,
    `cannot be read: pass the content itself, or ${cure} in the config`,
  )
}
