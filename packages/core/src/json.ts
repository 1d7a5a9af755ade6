import { InvalidOptionError } from './errors.ts'
import { maxLineLength } from './fold.ts'

/** Deeper values are refused, so that no input can exhaust the stack. */
const maxDepth = 32

/** One object in many places grows by each level: 32 levels of pairs would be four thousand million tokens. */
const maxTokens = 1_000_000

// A continuation line starts with one space.
const maxTokenLength = maxLineLength - 1

/**
 * Writes a JSON object as pieces between which its header may be folded.
 *
 * The pieces are ASCII and hold no blank outside strings, so a fold never alters a value; `=?` is escaped,
 * as readers take it for an encoded word. Each property is read once, and only plain data is taken:
 * a `Date`, a class instance, a cycle, `NaN` or a function has no JSON that would be read back the same.
 *
 * @throws {InvalidOptionError} naming the path of what cannot be written.
 */
export function writeJson(value: unknown, path: string, keyPath: KeyPath = propertyPath): string[] {
  const pieces: string[] = []
  writeValue(value, { path }, 0, pieces, keyPath)
  return pieces
}

/** The path of a key's value in an error. */
export type KeyPath = (path: string, key: string, index: number) => string

/** A short plain key is named; any other is counted, as a key may be personal data or an attack. */
export const propertyPath: KeyPath = (path, key, index) =>
  /^[\w$-]{1,64}$/.test(key) ? `${path}.${key}` : entryPath(path, key, index)

/** Keys that are addresses are counted: no error names a recipient. */
export const entryPath: KeyPath = (path, _key, index) => `${path}[${index}]`

/** Where a value stands. Its path is put together only for an error: a batch has thousands of places and no error. */
type Place =
  | { readonly path: string }
  | { readonly within: Place; readonly index: number }
  | {
      readonly within: Place
      readonly index: number
      readonly key: string
      readonly keyPath: KeyPath
    }

function pathOf(place: Place): string {
  if ('path' in place) return place.path
  const within = pathOf(place.within)
  return 'key' in place
    ? place.keyPath(within, place.key, place.index)
    : `${within}[${place.index}]`
}

function writeValue(
  value: unknown,
  place: Place,
  depth: number,
  pieces: string[],
  keyPath: KeyPath,
): void {
  if (depth > maxDepth)
    throw new InvalidOptionError(pathOf(place), `is nested deeper than ${maxDepth} levels`)
  if (pieces.length > maxTokens)
    throw new InvalidOptionError(pathOf(place), 'is too large for a header')
  if (value === null || typeof value === 'boolean') {
    pieces.push(String(value))
  } else if (typeof value === 'number') {
    if (!Number.isFinite(value))
      throw new InvalidOptionError(pathOf(place), 'must be a finite number')
    pieces.push(JSON.stringify(value))
  } else if (typeof value === 'string') {
    pieces.push(stringToken(value, place))
  } else if (Array.isArray(value)) {
    pieces.push('[')
    for (let index = 0; index < value.length; index += 1) {
      if (index > 0) glue(pieces, ',')
      writeValue(value[index], { within: place, index }, depth + 1, pieces, propertyPath)
    }
    glue(pieces, ']')
  } else if (isPlainObject(value)) {
    writeObject(value, place, depth, pieces, keyPath)
  } else {
    throw new InvalidOptionError(
      pathOf(place),
      'must be JSON: plain objects, arrays and scalars only',
    )
  }
}

function writeObject(
  object: object,
  within: Place,
  depth: number,
  pieces: string[],
  keyPath: KeyPath,
): void {
  pieces.push('{')
  let written = 0
  Object.keys(object).forEach((key, index) => {
    const value: unknown = Reflect.get(object, key)
    if (value === undefined) return
    const place = { within, index, key, keyPath }
    if (written > 0) glue(pieces, ',')
    pieces.push(stringToken(key, place))
    glue(pieces, ':')
    writeValue(value, place, depth + 1, pieces, propertyPath)
    written += 1
  })
  glue(pieces, '}')
}

// What JSON writes as it is, and no reader takes for an encoded word.
const plainText = /^[ !#-<>-[\]-~]*$/

function stringToken(text: string, place: Place): string {
  // Checked before escaping: a text of ten megabytes is refused without being copied.
  if (text.length > maxTokenLength - 2) throw tooLong(place)
  if (plainText.test(text)) return `"${text}"`
  const json = JSON.stringify(text)
  // Most texts need no more, and this is the hot path of a batch.
  const token = /[\u007f-\uffff]|=\?/.test(json) ? escapeText(json) : json
  if (token.length > maxTokenLength) throw tooLong(place)
  return token
}

function escapeText(json: string): string {
  return json
    .replaceAll('=?', '\\u003d?')
    .replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

function tooLong(place: Place): InvalidOptionError {
  return new InvalidOptionError(
    pathOf(place),
    `is too long: a text of JSON must fit in one header line, ${maxTokenLength} characters once escaped`,
  )
}

// Punctuation stays with the token before it, unless that token fills a whole line.
function glue(pieces: string[], punctuation: string): void {
  const last = pieces[pieces.length - 1] ?? ''
  if (last.length + punctuation.length > maxTokenLength) pieces.push(punctuation)
  else pieces[pieces.length - 1] = last + punctuation
}

/** Whether it is an object literal's like: neither an array nor an instance of a class. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const prototype = Object.getPrototypeOf(value) as object | null
  // An object of another realm (a test runner's VM) has that realm's Object.prototype, whose own prototype is null.
  // One made from a bare object hides the properties it inherits.
  return (
    prototype === null ||
    (Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, 'isPrototypeOf'))
  )
}
