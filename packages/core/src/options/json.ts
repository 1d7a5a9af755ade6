import { InvalidOptionError } from '../outcome/errors.ts'
import type { Folded } from './fold.ts'
import { maxTokenLength, TokenText } from './token-text.ts'

/** Deeper values are refused, so that no input can exhaust the stack. */
const maxDepth = 32

/**
 * Longer JSON is refused before it is whole. No page of Mailgun names a limit; a batch cuts its messages well under it.
 * One object in many places grows by each level: 32 levels of pairs would be four thousand million tokens.
 */
const maxLength = 1_000_000

/** So many keys are counted before they are written: a hundred thousand would take a tenth of a second to refuse. */
const manyKeys = 10_000

/** What an object with these keys has at least, one without a value included: `"":0,` and the key for each. */
function leastLength(keys: readonly string[]): number {
  return keys.reduce((sum, key) => sum + key.length + 5, 0)
}

/**
 * Writes a JSON object, folded between its tokens.
 *
 * It is ASCII and holds no blank outside strings, so a fold never alters a value; `=?` is escaped,
 * as readers take it for an encoded word. Each property is read once, and only plain data is taken:
 * a `Date`, a class instance, a cycle, `NaN` or a function has no JSON that would be read back the same.
 *
 * @param column Where it begins on its first line.
 * @throws {InvalidOptionError} naming the path of what cannot be written.
 */
export function writeJson(
  value: unknown,
  path: string,
  keyPath: KeyPath = propertyPath,
  column = 0,
): Folded {
  const text = new TokenText(column)
  try {
    new Writer(text).value(value, 0, keyPath)
  } catch (error) {
    throw error instanceof Unwritable ? error.at(path) : error
  }
  return text.end()
}

/** The path of a key's value in an error. */
export type KeyPath = (path: string, key: string, index: number) => string

/** A short plain key is named; any other is counted, as a key may be personal data or an attack. */
export const propertyPath: KeyPath = (path, key, index) =>
  /^[\w$-]{1,64}$/.test(key) ? `${path}.${key}` : entryPath(path, key, index)

/** Keys that are addresses are counted: no error names a recipient. */
export const entryPath: KeyPath = (path, _key, index) => `${path}[${index}]`

/**
 * Why a value cannot be written. Its path is put together on the way out: a batch has thousands of places and no error.
 */
class Unwritable {
  readonly #rule: string
  /** From the innermost. */
  readonly #steps: ((path: string) => string)[] = []

  constructor(rule: string) {
    this.#rule = rule
  }

  within(step: (path: string) => string): this {
    this.#steps.push(step)
    return this
  }

  at(path: string): InvalidOptionError {
    return new InvalidOptionError(
      this.#steps.reduceRight((whole, step) => step(whole), path),
      this.#rule,
    )
  }
}

class Writer {
  readonly #text: TokenText

  constructor(text: TokenText) {
    this.#text = text
  }

  value(value: unknown, depth: number, keyPath: KeyPath): void {
    if (depth > maxDepth) throw new Unwritable(`is nested deeper than ${maxDepth} levels`)
    if (this.#text.length > maxLength) throw new Unwritable('is too large for a header')
    if (typeof value === 'string') {
      this.#string(value)
    } else if (typeof value === 'number') {
      if (!Number.isFinite(value)) throw new Unwritable('must be a finite number')
      this.#text.add(String(value))
    } else if (value === null || typeof value === 'boolean') {
      this.#text.add(String(value))
    } else if (Array.isArray(value)) {
      this.#array(value, depth)
    } else if (isPlainObject(value)) {
      this.#object(value, depth, keyPath)
    } else {
      throw new Unwritable('must be JSON: plain objects, arrays and scalars only')
    }
  }

  #array(array: readonly unknown[], depth: number): void {
    this.#text.add('[')
    let index = 0
    try {
      for (; index < array.length; index += 1) {
        if (index > 0) this.#text.glue(',')
        this.value(array[index], depth + 1, propertyPath)
      }
    } catch (error) {
      throw error instanceof Unwritable ? error.within((path) => `${path}[${index}]`) : error
    }
    this.#text.glue(']')
  }

  #object(object: object, depth: number, keyPath: KeyPath): void {
    this.#text.add('{')
    const keys = Object.keys(object)
    if (keys.length > manyKeys && leastLength(keys) > maxLength) {
      throw new Unwritable('is too large for a header')
    }
    let written = 0
    for (let index = 0; index < keys.length; index += 1) {
      const key = keys[index] ?? ''
      const value: unknown = Reflect.get(object, key)
      if (value === undefined) continue
      if (written++ > 0) this.#text.glue(',')
      try {
        this.#string(key)
        this.#text.glue(':')
        this.value(value, depth + 1, propertyPath)
      } catch (error) {
        throw error instanceof Unwritable
          ? error.within((path) => keyPath(path, key, index))
          : error
      }
    }
    this.#text.glue('}')
  }

  #string(text: string): void {
    // Checked before escaping, so that a string of ten megabytes is refused without a copy.
    if (text.length > maxTokenLength - 2) throw tooLong()
    if (this.#text.addPlain(text)) return
    const json = JSON.stringify(text)
    const token = /[\u007f-\uffff]|=\?/.test(json) ? escapeText(json) : json
    if (token.length > maxTokenLength) throw tooLong()
    this.#text.add(token)
  }
}

function escapeText(json: string): string {
  return json
    .replaceAll('=?', '\\u003d?')
    .replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

function tooLong(): Unwritable {
  return new Unwritable(
    `is too long: a JSON string must fit in one header line, ${maxTokenLength} characters once escaped`,
  )
}

/** Whether it is an object literal's like: neither an array nor an instance of a class. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const prototype = Object.getPrototypeOf(value) as object | null
  // An object of another realm (a test runner's VM) has that realm's Object.prototype, whose own prototype is null.
  // One made from a bare object hides the properties it inherits.
  return (
    prototype === null ||
    prototype === Object.prototype ||
    (Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, 'isPrototypeOf'))
  )
}
