import { createHash } from 'node:crypto'
import { types } from 'node:util'
import { headerEntries, headerKey } from '../message/header-entries.ts'
import { invalid } from '../message/invalid-message.ts'
import type { MailgunMessage } from '../message/message.ts'
import { isPlainObject, propertyPath } from '../options/json.ts'
import { InvalidOptionError } from '../outcome/errors.ts'

/** What says nothing of the message itself: what each call may make anew, and how it is sent. */
const notCompared = new Set([
  'messageId',
  'date',
  'baseBoundary',
  'signal',
  'disableFileAccess',
  'disableUrlAccess',
])

const fieldsNotCompared = new Set(['message-id', 'date'])

/** Deeper values are refused, so that no input can exhaust the stack. */
const maxDepth = 64

/**
 * The SHA-256, in hex, of what a final message says: two are equal whatever the order of their keys, and whatever kind
 * of array holds their bytes. A file or URL to be read counts by its name.
 *
 * @throws {InvalidOptionError} naming what cannot be compared, such as a stream.
 */
export function fingerprintOf(message: MailgunMessage): string {
  const text = new CanonicalHash()
  const { headers, ...fields } = message
  const own = Object.entries(fields).filter(([name]) => !notCompared.has(name))
  text.write(Object.fromEntries(own), '')
  // Fields of one name keep their order; between names it means nothing.
  const sorted = headerEntries(headers)
    .map(({ key, value }) => ({ key: headerKey(key), value }))
    .filter(({ key }) => !fieldsNotCompared.has(key))
    .toSorted((a, b) => (a.key < b.key ? -1 : Number(a.key > b.key)))
  text.write(sorted, 'headers')
  return text.digest()
}

/** Hashes values in a form in which no two different ones look alike: each token has its kind, and its length or end. */
class CanonicalHash {
  readonly #hash = createHash('sha256')
  // One call of the hash for many small tokens: a batch has thousands.
  #tokens: string[] = []

  digest(): string {
    this.#flush()
    return this.#hash.digest('hex')
  }

  write(value: unknown, path: string, depth = 0): void {
    if (typeof value === 'string') this.#tokens.push(`s${value.length}:`, value)
    else if (typeof value === 'number') this.#tokens.push(`n${value};`)
    else if (typeof value === 'boolean' || value === null || value === undefined) {
      this.#tokens.push(`${value};`)
    } else if (depth > maxDepth) {
      throw invalid(path, `is nested deeper than ${maxDepth} levels`)
    } else if (Array.isArray(value)) {
      this.#tokens.push(`a${value.length}:`)
      for (let index = 0; index < value.length; index += 1) {
        this.write(value[index], `${path}[${index}]`, depth + 1)
      }
    } else if (ArrayBuffer.isView(value)) {
      this.#tokens.push(`b${value.byteLength}:`)
      this.#flush()
      this.#hash.update(new Uint8Array(value.buffer, value.byteOffset, value.byteLength))
    } else if (types.isDate(value)) {
      this.#tokens.push(`d${Date.prototype.getTime.call(value)};`)
    } else if (isPlainObject(value)) {
      this.#writeObject(value, path, depth)
    } else {
      throw new InvalidOptionError(path, 'must be a string or bytes if there is an idempotencyKey')
    }
  }

  #writeObject(object: Record<string, unknown>, path: string, depth: number): void {
    const keys = Object.keys(object)
    const places = new Map(keys.map((key, index) => [key, index]))
    this.#tokens.push('o')
    for (const key of keys.toSorted()) {
      const value = object[key]
      if (value === undefined) continue
      this.#tokens.push(`k${key.length}:`, key)
      const place = propertyPath(path, key, places.get(key) ?? 0)
      this.write(value, path === '' ? place.replace(/^\./, '') : place, depth + 1)
    }
    this.#tokens.push(';')
  }

  #flush(): void {
    this.#hash.update(this.#tokens.join(''))
    this.#tokens = []
  }
}
