import type { SendMailOptions } from 'nodemailer'
import { headerEntries, headerKey } from './header-entries.ts'
import { invalid, refuse } from './message.ts'

/**
 * Refuses, with a clear error, the known ways to bring a header or a file past this package.
 * It is for the reader of the error: what holds is the check of the header block as built.
 *
 * @throws {InvalidOptionError} naming the field.
 */
export function refuseDisguises(message: SendMailOptions): void {
  refuse(message, 'raw', 'is not taken: options go into the headers of a message built here')
  refuse(message, 'normalizeHeaderKey', 'is not taken: it could rename a header')
  checkHeaders(message.headers, 'headers')
  checkTexts(message)
  for (const { part, path } of partsOf(message)) {
    refusePart(part, path, 'raw', 'is not taken: it could replace the headers')
    checkHeaders(Reflect.get(part, 'headers'), `${path}.headers`)
    if (message.disableFileAccess !== false) {
      refuseAccess(part, path, 'path', 'disableFileAccess: false allows it')
    }
    if (message.disableUrlAccess !== false) {
      refuseAccess(part, path, 'href', 'disableUrlAccess: false allows it')
    }
  }
}

function checkTexts(message: SendMailOptions): void {
  for (const field of ['subject', 'messageId', 'inReplyTo'] as const) {
    if (message[field] !== undefined && typeof message[field] !== 'string') {
      throw invalid(field, 'must be a text')
    }
  }
  const { references, date } = message
  for (const id of Array.isArray(references) ? references : [references ?? '']) {
    if (typeof id !== 'string') throw invalid('references', 'must be texts')
  }
  for (const field of ['messageId', 'inReplyTo'] as const) {
    if (/[\r\n\0]/.test(message[field] ?? '')) throw invalid(field, 'must not hold line breaks')
  }
  if (date !== undefined && typeof date !== 'string' && !(date instanceof Date)) {
    throw invalid('date', 'must be a Date or a text')
  }
}

function checkHeaders(headers: unknown, path: string): void {
  headerEntries(headers).forEach(({ key, value }, index) => {
    const place = `${path}[${index}]`
    if (headerKey(key).startsWith('x-mailgun-')) {
      throw invalid(place, 'must not be an X-Mailgun- header: options stand in message.mailgun')
    }
    checkHeaderValue(value, place)
  })
}

function checkHeaderValue(value: unknown, path: string): void {
  if (typeof value !== 'object' || value === null || value instanceof Date) return
  if (Array.isArray(value)) {
    for (const item of value) checkHeaderValue(item, path)
    return
  }
  if (Reflect.get(value, 'prepared')) {
    throw invalid(path, 'must not be prepared: that writes a header as it is')
  }
  if (typeof Reflect.get(value, 'value') !== 'string') throw invalid(path, 'must be a text')
}

interface Part {
  readonly part: object
  readonly path: string
}

function partsOf(message: SendMailOptions): Part[] {
  const bodies = ['text', 'html', 'watchHtml', 'amp', 'icalEvent', 'calendar'].map((path) => ({
    part: Reflect.get(message, path) as unknown,
    path,
  }))
  const lists = ['attachments', 'alternatives'].flatMap((field) => {
    const list: unknown = Reflect.get(message, field)
    return Array.isArray(list)
      ? list.map((part: unknown, index) => ({ part, path: `${field}[${index}]` }))
      : []
  })
  return [...bodies, ...lists].flatMap(({ part, path }) =>
    isDescriptor(part) ? contentsOf({ part, path }) : [],
  )
}

/** A part, and its content where that points elsewhere once more. */
function contentsOf({ part, path }: Part): Part[] {
  const content: unknown = Reflect.get(part, 'content')
  return isDescriptor(content)
    ? [{ part, path }, ...contentsOf({ part: content, path: `${path}.content` })]
    : [{ part, path }]
}

function isDescriptor(value: unknown): value is object {
  return (
    typeof value === 'object' &&
    value !== null &&
    !(value instanceof Uint8Array) &&
    typeof Reflect.get(value, 'pipe') !== 'function'
  )
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
    `is not read: give the content itself, or ${cure} in the config`,
  )
}
