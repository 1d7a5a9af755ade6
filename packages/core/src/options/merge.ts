import { InvalidOptionError } from '../outcome/errors.ts'
import { isPlainObject } from './json.ts'
import type { MailgunOptionName, MailgunOptions } from './options.ts'
import { registry, type HeaderRow } from './registry.ts'

/** An option's row when only its name is known at run time. */
export function rowOf(option: string): HeaderRow<unknown> | undefined {
  // The row's value type is that of the option it is read for: the registry's own type holds that.
  return Object.hasOwn(registry, option)
    ? (registry[option as MailgunOptionName] as HeaderRow<unknown>)
    : undefined
}

/**
 * The options that are set, each with its row.
 *
 * @throws {InvalidOptionError} if it is not a plain object, or holds an option that Mailgun does not have.
 */
export function entriesOf(
  options: MailgunOptions,
): { option: MailgunOptionName; value: unknown; row: HeaderRow<unknown> }[] {
  if (!isPlainObject(options)) {
    throw new InvalidOptionError('mailgun', 'must be a plain object of options')
  }
  const entries: ReturnType<typeof entriesOf> = []
  Object.keys(options).forEach((option, index) => {
    const row = rowOf(option)
    if (!row) throw unknownOption(option, index)
    const value: unknown = Reflect.get(options, option)
    if (value !== undefined) entries.push({ option: option as MailgunOptionName, value, row })
  })
  return entries
}

function unknownOption(option: string, index: number): InvalidOptionError {
  const isWord = /^\w{1,64}$/.test(option)
  const near = isWord ? nearestOption(option) : undefined
  return new InvalidOptionError(
    isWord ? option : `mailgun[${index}]`,
    `is not an option of Mailgun${near ? `; did you mean ${near}?` : ''}`,
    'ERR_MAILGUN_UNKNOWN_OPTION',
  )
}

function nearestOption(option: string): string | undefined {
  const letters = option.toLowerCase()
  return Object.keys(registry).find((name) => {
    const other = name.toLowerCase()
    const { httpParameter, header } = registry[name as MailgunOptionName]
    return (
      other.startsWith(letters) ||
      letters.startsWith(other) ||
      httpParameter.replace(/^\w:/, '').replaceAll('-', '') === letters.replaceAll('_', '') ||
      header.toLowerCase().replace('x-mailgun-', '').replaceAll('-', '') === letters
    )
  })
}

/**
 * Merges options, given from the outermost (weakest) layer to the innermost.
 *
 * Scalars replace; variables, recipient variables and template variables merge per key; tags unite.
 * `undefined` inherits; `null` clears what the layers before it set.
 *
 * @throws {InvalidOptionError} for an unknown option, or a value that cannot be merged.
 */
export function mergeOptions(...layers: readonly (MailgunOptions | undefined)[]): MailgunOptions {
  const merged: { [Name in MailgunOptionName]?: unknown } = {}
  for (const layer of layers) {
    if (layer === undefined) continue
    for (const { option, value, row } of entriesOf(layer)) {
      if (value === null) delete merged[option]
      else merged[option] = join(option, row, merged[option], value)
    }
  }
  // Each value came from the same option of some layer.
  return merged as MailgunOptions
}

function join(option: string, row: HeaderRow<unknown>, outer: unknown, inner: unknown): unknown {
  if (outer === undefined || !row.merge) return inner
  // Merging would bend a value of the wrong kind into something else: refuse it by its path first.
  row.codec.write(outer, option)
  row.codec.write(inner, option)
  return row.merge(outer, inner)
}
