import { normalizedLength } from './clean-text.ts'
import { isSecret } from '../form/secret-fields.ts'
import type { StandardSchemaV1 } from '../form/standard-schema.ts'
import type { InvalidState } from '../form/state.ts'

/** Limits of what a form can contain and a mail can show. */
export interface FormLimits {
  /** How many fields a form can have, including repeated ones. Default: 100. */
  readonly fields?: number | undefined
  /** How many characters one field can have. Default: 10,000. */
  readonly fieldLength?: number | undefined
  /** How many characters all fields, their names and the bound arguments can have together, normalised to NFKC. Default: 100,000. */
  readonly totalLength?: number | undefined
  /** How many characters a subject, or a name next to an address, can have. The rest is cut off. Default: 200. */
  readonly subjectLength?: number | undefined
}

/** What a form field may hold. */
export type FieldValue = string | File

/** A form as it was submitted. */
export interface FormInput {
  /** What the schema reads: one value, or a list where a name repeats. */
  readonly fields: Readonly<Record<string, FieldValue | readonly FieldValue[]>>
  /** Every string that was typed, of any field; and the names of files and fields, which the visitor may choose too. */
  readonly texts: readonly string[]
}

/** A form with more in it than the limits allow. */
export const oversized: unique symbol = Symbol('oversized')

/** Characters of all fields, unless the app sets another limit. */
export const defaultTotalLength = 100_000

/**
 * Reads a form, without what React, the browser or this package put into it.
 *
 * @param lists The fields that are read as a list, however many values they have: of a group of checkboxes, a browser
 *   sends one value for each that is checked, and nothing at all if none is.
 */
export function readForm(
  data: FormData,
  ownFields: readonly string[],
  { fields: maxFields = 100, totalLength = defaultTotalLength }: FormLimits,
  lists: readonly string[] = [],
): FormInput | typeof oversized {
  const values = new Map<string, FieldValue[]>(lists.map((name) => [name, []]))
  const texts: string[] = []
  let [count, length] = [0, 0]
  for (const [name, given] of data) {
    // React's own fields, which arrive only with JavaScript; and a name that reaches prototypes once it is copied.
    if (name.startsWith('$ACTION_') || name === '__proto__' || ownFields.includes(name)) continue
    // A file input without a file sends a nameless empty one, or one named undefined.
    if (typeof given !== 'string' && given.size === 0 && /^(undefined)?$/.test(given.name)) continue
    // Text areas send CRLF, which browsers do not count towards maxlength.
    const value = typeof given === 'string' ? given.replaceAll('\r\n', '\n') : given
    count += 1
    const text = typeof value === 'string' ? value : value.name
    if (count > maxFields || length + name.length + text.length > totalLength) return oversized
    length += normalizedLength(name) + normalizedLength(text)
    if (length > totalLength) return oversized
    texts.push(text)
    if (name.includes('@')) texts.push(name)
    values.set(name, [...(values.get(name) ?? []), value])
  }
  return {
    // fromEntries defines properties: no setter runs, whatever the name.
    fields: Object.fromEntries(
      [...values].map(([name, all]) => {
        const [first] = all
        return [name, all.length > 1 || first === undefined || lists.includes(name) ? all : first]
      }),
    ),
    texts,
  }
}

/** The fields with a value longer than the limit. */
export function tooLongFields(
  { fields }: FormInput,
  { fieldLength = 10_000 }: FormLimits,
): readonly string[] {
  return Object.keys(fields).filter((name) =>
    [fields[name]].flat().some((value) => typeof value === 'string' && value.length > fieldLength),
  )
}

/** What was typed into the known fields, or chosen there, without what no page should show again. */
export function echo({ fields }: FormInput, known: readonly string[]): InvalidState['values'] {
  return Object.fromEntries(
    known.flatMap((name): [string, string | readonly string[]][] => {
      const value = Object.hasOwn(fields, name) ? fields[name] : undefined
      if (value === undefined || value instanceof File || isSecret(name)) return []
      if (typeof value === 'string') return [[name, value]]
      const texts = value.filter((one) => typeof one === 'string')
      return texts.length === 0 && value.length > 0 ? [] : [[name, texts]]
    }),
  )
}

/** Messages by field, and those of no field. */
export interface Complaints {
  readonly fieldErrors: Readonly<Record<string, readonly string[]>>
  readonly formErrors: readonly string[]
}

/** Sorts a schema's issues by the field that their path begins with. */
export function complaints(issues: readonly StandardSchemaV1.Issue[]): Complaints {
  const byField = new Map<string, string[]>()
  const formErrors: string[] = []
  for (const { message, path } of issues) {
    const first = path?.[0]
    const key = typeof first === 'object' ? first.key : first
    if (key === undefined || key === '__proto__') formErrors.push(message)
    else byField.set(String(key), [...(byField.get(String(key)) ?? []), message])
  }
  return { fieldErrors: Object.fromEntries(byField), formErrors }
}
