import type { SendMailOptions } from 'nodemailer'
import { withMethod } from './calendar.ts'
import { isContent, readContent } from './content.ts'
import { headerEntries, isIterableMap } from './header-entries.ts'
import { refuseInheritedParts, withOwnHeaders } from './inherited-fields.ts'
import { invalid } from './invalid-message.ts'

/** A part of a message, or the content it points to, with its place in the message. */
export interface Part {
  readonly part: object
  readonly path: string
}

const bodies = ['text', 'html', 'watchHtml', 'amp', 'icalEvent'] as const
const lists = ['attachments', 'alternatives'] as const

/**
 * Gives the message parts of its own: nodemailer writes into them, and reads them after they were checked.
 * An attachment without a name gets one.
 */
export function copyParts(message: SendMailOptions): void {
  refuseInheritedParts()
  for (const field of bodies) {
    const part: unknown = message[field]
    if (part === undefined || part === null || part === false) continue
    const read = isContent(part) ? readContent(part, field) : copyBody(part, field)
    const body = field === 'icalEvent' ? withMethod(read, field) : read
    Reflect.set(message, field, withOwnHeaders(body))
  }
  for (const field of lists) {
    const list: unknown = message[field]
    if (list === undefined || list === null) continue
    // nodemailer takes one part without its list, too.
    const parts = [list].flat() as unknown[]
    Reflect.set(
      message,
      field,
      parts.map((part, index) => {
        if (!isDescriptor(part)) return part
        const path = `${field}[${index}]`
        const copy = copyPart(part, path)
        requireContent(copy, path)
        if (field === 'attachments') giveName(copy, index)
        return withOwnHeaders(copy)
      }),
    )
  }
}

/**
 * Mailgun was seen to drop attachments without a name (Anymail's notes on Mailgun). nodemailer names them by their
 * path or type, but neither enclosed messages nor those with `filename: false`, and bytes of no type `attachment-1.*`.
 */
function giveName(part: object, index: number): void {
  const [filename, type, path, href] = ['filename', 'contentType', 'path', 'href'].map(
    (field): unknown => Reflect.get(part, field),
  )
  const isNameless = !filename || (typeof filename === 'string' && filename.trim() === '')
  if (!isNameless) return
  const number = index + 1
  if (/^\s*message\//i.test(String(type))) {
    Reflect.set(part, 'filename', `attachment-${number}.eml`)
  } else if (
    path ||
    href ||
    (typeof type === 'string' && !/^\s*application\/octet-stream/i.test(type))
  ) {
    Reflect.set(part, 'filename', undefined)
  } else {
    Reflect.set(part, 'filename', `attachment-${number}.bin`)
  }
}

/** A body that is an object with its content, or with where that is. */
function copyBody(part: unknown, path: string): object {
  if (!isDescriptor(part) || !places.some((place) => Reflect.get(part, place) !== undefined)) {
    // Whatever it is, no body can be made of it: the error says what can.
    readContent(part, path)
  }
  return copyPart(Object(part) as object, path)
}

/** Where a part has its content. */
const places = ['content', 'path', 'href', 'raw'] as const

function copyPart(part: object, path: string): object {
  const copy = copyObject(part)
  const content: unknown = Reflect.get(copy, 'content')
  if (isContent(content)) Reflect.set(copy, 'content', readContent(content, `${path}.content`))
  else if (content !== undefined && content !== null) {
    Reflect.set(copy, 'content', copyReference(content, `${path}.content`))
  }
  const headers: unknown = Reflect.get(copy, 'headers')
  const isPolluted = headers === Reflect.get(Object.prototype, 'headers')
  if (isDescriptor(headers) && !isPolluted) Reflect.set(copy, 'headers', copyHeaders(headers))
  return copy
}

/** nodemailer takes `{ path }` and `{ href }` as content, too. */
function copyReference(content: unknown, path: string): object {
  const refersTo = ['path', 'href', 'content'] as const
  if (
    !isDescriptor(content) ||
    !refersTo.some((field) => typeof Reflect.get(content, field) === 'string')
  ) {
    readContent(content, path)
  }
  const copy = copyObject(Object(content) as object)
  return copy
}

function requireContent(part: object, path: string): void {
  const isThere = places.some((place) => {
    const value: unknown = Reflect.get(part, place)
    return value !== undefined && value !== null
  })
  if (!isThere) throw invalid(path, 'has no content: give content, path or href')
}

/** The headers of a part. A Map, as those of fetch, becomes a list. */
function copyHeaders(headers: object): object {
  return isIterableMap(headers) ? headerEntries(headers) : copyObject(headers)
}

function copyObject(object: object): object {
  if (Array.isArray(object)) return [...(object as unknown[])]
  // A part may be the instance of a class whose prototype holds its content.
  return Object.assign(Object.create(Object.getPrototypeOf(object) as object | null), object)
}

/** Every part of the message that is more than its content, and the content where that points elsewhere. */
export function partsOf(message: SendMailOptions): Part[] {
  const parts = [
    ...bodies.map((path) => ({ part: message[path] as unknown, path })),
    ...lists.flatMap((field) =>
      ([message[field] ?? []].flat() as unknown[]).map((part, index) => ({
        part,
        path: `${field}[${index}]`,
      })),
    ),
  ]
  return parts.flatMap(({ part, path }) => (isDescriptor(part) ? contentsOf({ part, path }) : []))
}

function contentsOf({ part, path }: Part): Part[] {
  const content: unknown = Reflect.get(part, 'content')
  return isDescriptor(content)
    ? [
        { part, path },
        { part: content, path: `${path}.content` },
      ]
    : [{ part, path }]
}

function isDescriptor(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !isContent(value)
}
