import type { SendMailOptions } from 'nodemailer'

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
  for (const field of bodies) {
    const part: unknown = message[field]
    if (isDescriptor(part)) Reflect.set(message, field, copyPart(part))
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
        const copy = copyPart(part)
        if (field === 'attachments') giveName(copy, index)
        return copy
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

function copyPart(part: object): object {
  const copy = copyObject(part)
  for (const field of ['content', 'headers']) {
    const value: unknown = Reflect.get(copy, field)
    if (isDescriptor(value)) Reflect.set(copy, field, copyObject(value))
  }
  return copy
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
  return (
    typeof value === 'object' &&
    value !== null &&
    !(value instanceof Uint8Array) &&
    typeof Reflect.get(value, 'pipe') !== 'function'
  )
}
