import { types } from 'node:util'
import { isPlainObject, propertyPath } from '../options/json.ts'
import type { Json } from '../options/options.ts'
import { invalid } from './invalid-message.ts'

// Where nodemailer looks for content; anywhere else a key of these names is the caller's own.
const bodies = new Set(['text', 'html', 'watchHtml', 'amp', 'icalEvent'])
const lists = new Set(['attachments', 'alternatives'])
const references = new Set(['path', 'href'])

/** Deeper messages are refused, so that no input can exhaust the stack. Options alone may have 32 levels. */
const maxDepth = 40

/** One value of a message, or `undefined` if it must be looked into. */
type Convert = (value: unknown, path: string, place: 'content' | 'option' | 'field') => unknown

/**
 * A message as JSON can carry it. Bytes become `{ base64 }`; a `Date` becomes RFC 3339 in an option, as options take it,
 * and RFC 5322 in a field, as headers write it; `undefined` is left out.
 *
 * @throws {InvalidOptionError} naming what has no such form.
 */
export function toPlain(message: object): { [field: string]: Json } {
  // The conversion below leaves nothing but JSON.
  return convertMessage(message, (value, path, place) => {
    if (types.isDate(value)) return dateText(value, path, place)
    if (place === 'content' && types.isUint8Array(value)) return { base64: base64Of(value) }
    return undefined
  }) as { [field: string]: Json }
}

/**
 * The message of plain data: `{ base64 }` becomes bytes again.
 *
 * @throws {InvalidOptionError} naming what plain data cannot hold.
 */
export function fromPlain(plain: object): object {
  return convertMessage(plain, (value, path, place) => {
    if (place !== 'content' || !isPlainObject(value) || !Object.hasOwn(value, 'base64')) {
      return undefined
    }
    return bytesOf(value, path)
  })
}

function convertMessage(message: object, convert: Convert): object {
  return convertObject(message, '', (value, path) => {
    if (bodies.has(path))
      return convertContent(value, path, convert) ?? convertPart(value, path, convert)
    if (lists.has(path) && value !== null) {
      // nodemailer takes one part without its list, too.
      return Array.from([value].flat() as unknown[], (part, index) =>
        convertPart(part, `${path}[${index}]`, convert),
      )
    }
    return convertValue(value, path, 1, path === 'mailgun' ? 'option' : 'field', convert)
  })
}

function convertPart(part: unknown, path: string, convert: Convert): unknown {
  if (!isPlainObject(part)) return convertValue(part, path, 1, 'field', convert)
  return convertObject(part, path, (value, place, key) => {
    if (key === 'content') {
      const content = convertContent(value, place, convert)
      if (content === undefined) throw notPlain(place)
      return content
    }
    if (references.has(key)) refuseReference(value, place)
    return convertValue(value, place, 2, 'field', convert)
  })
}

/** A string, `null` or bytes; `undefined` for anything else. */
function convertContent(value: unknown, path: string, convert: Convert): unknown {
  return value === null || typeof value === 'string' ? value : convert(value, path, 'content')
}

function convertValue(
  value: unknown,
  path: string,
  depth: number,
  place: 'option' | 'field',
  convert: Convert,
): unknown {
  if (depth > maxDepth) throw invalid(path, `is nested deeper than ${maxDepth} levels`)
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
  // JSON has no negative zero.
  if (typeof value === 'number' && Number.isFinite(value)) return value === 0 ? 0 : value
  if (Array.isArray(value)) {
    return Array.from(value, (item: unknown, index) =>
      convertValue(item, `${path}[${index}]`, depth + 1, place, convert),
    )
  }
  const converted = convert(value, path, place)
  if (converted !== undefined) return converted
  if (!isPlainObject(value)) throw notPlain(path)
  return convertObject(value, path, (inner, innerPath) =>
    convertValue(inner, innerPath, depth + 1, place, convert),
  )
}

/** Each property is read once, so what was checked is what is kept; a key `__proto__` stays a key. */
function convertObject(
  object: object,
  path: string,
  convertProperty: (value: unknown, path: string, key: string) => unknown,
): object {
  return Object.fromEntries(
    Object.keys(object).flatMap((key, index) => {
      const value: unknown = Reflect.get(object, key)
      if (value === undefined) return []
      const inner = path === '' ? key : propertyPath(path, key, index)
      return [[key, convertProperty(value, inner, key)]]
    }),
  )
}

function dateText(date: Date, path: string, place: 'content' | 'option' | 'field'): string {
  if (Number.isNaN(date.getTime())) throw invalid(path, 'must be a valid Date')
  return place === 'option' ? date.toISOString() : date.toUTCString().replace('GMT', '+0000')
}

function base64Of({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('base64')
}

function bytesOf(value: Record<string, unknown>, path: string): Buffer {
  const { base64, ...others } = value
  if (
    typeof base64 !== 'string' ||
    base64.length % 4 !== 0 ||
    !/^[A-Za-z0-9+/]*={0,2}$/.test(base64) ||
    Object.keys(others).length > 0
  ) {
    throw invalid(path, 'must be a string, or { base64 } and nothing more')
  }
  return Buffer.from(base64, 'base64')
}

/** Where and when the queue is read, a file or a page may be another; a data URL is the content itself. */
function refuseReference(value: unknown, path: string): void {
  const holdsContent = typeof value === 'string' && /^data:/i.test(value)
  if (holdsContent || value === false || value === null) return
  throw invalid(path, 'must be given as content: a queue keeps the content itself')
}

function notPlain(path: string): Error {
  return invalid(
    path,
    'must be plain data or bytes: a queue keeps no streams, functions or classes',
  )
}
