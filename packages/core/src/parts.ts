import type { SendMailOptions } from 'nodemailer'

/** A part of a message, or the content it points to, with its place in the message. */
export interface Part {
  readonly part: object
  readonly path: string
}

const bodies = ['text', 'html', 'watchHtml', 'amp', 'icalEvent'] as const
const lists = ['attachments', 'alternatives'] as const

/** Gives the message parts of its own: nodemailer writes into them, and reads them after they were checked. */
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
      parts.map((part) => (isDescriptor(part) ? copyPart(part) : part)),
    )
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
