import { invalid } from './invalid-message.ts'

/**
 * What nodemailer reads of the objects that it makes for parts. They inherit from `Object.prototype`, so what another
 * library added there (prototype pollution) would be a file name or the content of every part.
 */
const readOfParts = [
  'raw',
  'content',
  'path',
  'href',
  'filename',
  'contentType',
  'contentDisposition',
  'contentTransferEncoding',
  'cid',
  'encoding',
] as const

function inherited(field: string): unknown {
  return Reflect.get(Object.prototype, field)
}

/**
 * Refuses to build a message from objects that another library has added fields to.
 *
 * @throws {InvalidOptionError} naming the field.
 */
export function refuseInheritedParts(): void {
  const field = readOfParts.find((name) => inherited(name) !== undefined)
  if (field === undefined) return
  throw invalid(
    'message',
    `cannot be built: something in this process added ${field} to Object.prototype`,
  )
}

/** A part whose headers are its own: a list without entries where it has none, and another library added some. */
export function withOwnHeaders(part: unknown): unknown {
  if (inherited('headers') === undefined) return part
  if (typeof part === 'string' || part instanceof Uint8Array) return { content: part, headers: [] }
  if (typeof part !== 'object' || part === null || Object.hasOwn(part, 'headers')) return part
  return Object.defineProperty(part, 'headers', {
    value: [],
    enumerable: true,
    writable: true,
    configurable: true,
  })
}
