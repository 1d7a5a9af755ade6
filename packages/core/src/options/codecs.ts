import { InvalidOptionError } from '../outcome/errors.ts'
import { maxLineLength, type Folded } from './fold.ts'
import { isPlainObject, writeJson, type KeyPath } from './json.ts'
import type { JsonObject } from './options.ts'

/**
 * How values of an option travel: `read(write(value))` is the value.
 *
 * The members are properties and not methods, so that the compiler refuses a row with another type's codec.
 */
export interface Codec<Value> {
  /** The header fields to write, whose values begin at a column. A single string is one line. Throws `InvalidOptionError`. */
  readonly write: (value: Value, path: string, column?: number) => readonly (string | Folded)[]
  /** The value of the fields received, unfolded. Throws {@link Unreadable}. */
  readonly read: (values: readonly string[]) => Value
}

/** Why received fields have no value. It says the rule, not the value. */
export class Unreadable extends Error {}

/** An option of one field: the last one counts, as in Mailgun's other settings. */
function once<Value>(
  write: (value: Value, path: string, column?: number) => string | Folded,
  read: (value: string) => Value,
): Codec<Value> {
  return {
    write: (value, path, column) => [write(value, path, column)],
    read: (values) => read((values.at(-1) ?? '').trim()),
  }
}

const falsy = new Set(['no', 'false'])
const truthy = new Set(['yes', 'true'])

function readBoolean(value: string): boolean {
  const word = value.toLowerCase()
  if (truthy.has(word)) return true
  if (falsy.has(word)) return false
  throw new Unreadable('must be yes or no')
}

function writeBoolean(value: unknown, path: string, rule: string): string {
  if (typeof value !== 'boolean') throw new InvalidOptionError(path, rule)
  return value ? 'yes' : 'no'
}

/** `yes` or `no`. Reads `true` and `false` too, which Mailgun's own pipeline writes. */
export const yesNo: Codec<boolean> = once(
  (value, path) => writeBoolean(value, path, 'must be true or false'),
  readBoolean,
)

/** `yes`, `no` or `htmlonly`. */
export const yesNoOrHtmlOnly: Codec<boolean | 'htmlonly'> = once(
  (value, path) =>
    value === 'htmlonly' ? value : writeBoolean(value, path, "must be true, false or 'htmlonly'"),
  (value) => (value.toLowerCase() === 'htmlonly' ? 'htmlonly' : readBoolean(value)),
)

/** `yes`, or no field at all: no value switches test mode off. */
export const yesOrAbsent: Codec<boolean> = {
  write: (value, path) =>
    writeBoolean(value, path, 'must be true or false') === 'yes' ? ['yes'] : [],
  read: yesNo.read,
}

/** What a string must look like, with the words that say so. */
export interface TextFormat {
  readonly pattern: { readonly test: (value: string) => boolean }
  readonly rule: string
}

/** A string that a header field carries unchanged: printable ASCII of one line, no blank at either end. */
function checkText(value: unknown, path: string, format?: TextFormat): string {
  if (typeof value !== 'string') throw new InvalidOptionError(path, 'must be a string')
  if (value.length > maxLineLength)
    throw new InvalidOptionError(path, 'is too long for one header line')
  if (value === '') throw new InvalidOptionError(path, 'must not be empty')
  if (!/^[\x20-\x7e]*$/.test(value)) {
    throw new InvalidOptionError(path, 'must be printable ASCII without line breaks')
  }
  if (value.trim() !== value)
    throw new InvalidOptionError(path, 'must not begin or end with a blank')
  if (value.includes('=?')) {
    throw new InvalidOptionError(path, 'must not hold "=?", which readers take for an encoded word')
  }
  if (format && !format.pattern.test(value)) throw new InvalidOptionError(path, format.rule)
  return value
}

function readText(value: string, format?: TextFormat): string {
  if (value === '') throw new Unreadable('must not be empty')
  if (format && !format.pattern.test(value)) throw new Unreadable(format.rule)
  return value
}

/** One string, as it is. */
export function text<Value extends string = string>(
  format?: TextFormat,
  normalize: (value: string) => string = (value) => value,
): Codec<Value> {
  return once(
    (value, path) => normalize(checkText(value, path, format)),
    // The format is what the type says, in a pattern.
    (value) => normalize(readText(value, format)) as Value,
  )
}

/** A list of strings, one field each. */
export function texts(format?: TextFormat): Codec<readonly string[]> {
  return {
    write: (value, path) => {
      if (!Array.isArray(value)) throw new InvalidOptionError(path, 'must be a list of strings')
      return Array.from(value, (item: unknown, index) =>
        checkText(item, `${path}[${index}]`, format),
      )
    },
    read: (values) => values.map((value) => readText(value.trim(), format)),
  }
}

const headerName: TextFormat = {
  // A name may hold a comma (RFC 5322 §3.6.8), but Mailgun reads a list there.
  pattern: /^[!-+\--9;-~]+$/,
  rule: 'must be the name of a header',
}

/** Header names, one field each, or `all`. Reads the comma list of Mailgun's HTTP API too. */
export const headerNames: Codec<readonly string[] | 'all'> = {
  write: (value, path) => {
    if (value === 'all') return ['all']
    if (!Array.isArray(value)) {
      throw new InvalidOptionError(path, "must be a list of header names, or 'all'")
    }
    return texts(headerName).write(value, path)
  },
  read: (values) => {
    const names = values.flatMap((value) => value.split(','))
    const read = texts(headerName).read(names)
    return read.some((name) => name.toLowerCase() === 'all') ? 'all' : read
  },
}

/** A JSON object in ASCII, folded between its tokens only. */
export function jsonObject<Value extends JsonObject>(
  check?: (value: Value, path: string) => void,
  keyPath?: KeyPath,
): Codec<Value> {
  return once<Value>(
    (value, path, column) => {
      if (!isPlainObject(value)) throw new InvalidOptionError(path, 'must be a plain object')
      check?.(value, path)
      return writeJson(value, path, keyPath, column)
    },
    (text) => {
      const value: unknown = parseJson(text)
      if (!isPlainObject(value)) throw new Unreadable('must be a JSON object')
      // JSON.parse gives JSON, and it is an object.
      const object = value as Value
      if (check) asUnreadable(() => check(object, ''))
      return object
    },
  )
}

function asUnreadable(check: () => void): void {
  try {
    check()
  } catch (error) {
    throw error instanceof InvalidOptionError ? new Unreadable(error.rule) : error
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Unreadable('must be valid JSON')
  }
}

/** Several fields of JSON objects are merged by Mailgun; we write one. */
export function mergedJsonObject(): Codec<JsonObject> {
  const one = jsonObject<JsonObject>()
  return {
    write: one.write,
    read: (values) =>
      Object.fromEntries(values.flatMap((value) => Object.entries(one.read([value])))),
  }
}
