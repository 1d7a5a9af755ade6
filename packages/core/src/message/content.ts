import { Readable } from 'node:stream'
import { invalid } from './invalid-message.ts'

const bytes = 'a string, bytes (a Buffer, ArrayBuffer, typed array or Blob) or a stream'

/**
 * Content as nodemailer reads it: a string, a Buffer or a Node stream. A Blob stays one: reading it takes a promise.
 *
 * @throws {InvalidOptionError} naming what no mail can be made of.
 */
export function readContent(value: unknown, path: string): unknown {
  if (typeof value === 'string' || value instanceof Uint8Array) return value
  if (isNodeStream(value) || isBlob(value)) return value
  if (ArrayBuffer.isView(value)) {
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength)
  }
  if (isArrayBuffer(value)) return Buffer.from(value)
  if (isWebStream(value)) return fromWeb(value, path)
  throw invalid(path, `must be ${bytes}${hintOn(value)}`)
}

/** Whether it is content, and not an object that says where content is. */
export function isContent(value: unknown): boolean {
  return (
    typeof value === 'string' ||
    ArrayBuffer.isView(value) ||
    isNodeStream(value) ||
    isBlob(value) ||
    isArrayBuffer(value) ||
    isWebStream(value)
  )
}

/** Not instanceof: a bundle or a test's realm has classes of its own. */
export function isBlob(value: unknown): value is Blob {
  return isTagged(value, 'Blob') || isTagged(value, 'File')
}

function isArrayBuffer(value: unknown): value is ArrayBuffer {
  return isTagged(value, 'ArrayBuffer') || isTagged(value, 'SharedArrayBuffer')
}

function isNodeStream(value: unknown): boolean {
  return hasMethod(value, 'pipe')
}

function isWebStream(value: unknown): value is ReadableStream {
  return isTagged(value, 'ReadableStream') && hasMethod(value, 'getReader')
}

function isTagged(value: unknown, tag: string): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.prototype.toString.call(value) === `[object ${tag}]`
  )
}

function hasMethod(value: unknown, name: string): boolean {
  return (
    typeof value === 'object' && value !== null && typeof Reflect.get(value, name) === 'function'
  )
}

function fromWeb(stream: ReadableStream, path: string): Readable {
  if (stream.locked) throw invalid(path, 'must be a stream that nothing else reads')
  // The DOM's type and Node's describe the same class.
  return Readable.fromWeb(stream as Parameters<typeof Readable.fromWeb>[0])
}

function hintOn(value: unknown): string {
  if (hasMethod(value, 'then')) return '; it is a promise: await it first'
  if (typeof value === 'function') return '; it is a function: call it first'
  if (isTagged(value, 'Response') || isTagged(value, 'Request')) {
    return '; it is a fetch response: give its body, or await its arrayBuffer()'
  }
  if (typeof value === 'object' && value !== null && Reflect.get(value, 'type') === 'Buffer') {
    return '; it is a Buffer that went through JSON: give Buffer.from(content.data)'
  }
  return ''
}
