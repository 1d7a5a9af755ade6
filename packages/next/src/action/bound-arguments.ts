import { normalizedLength } from './clean-text.ts'
import type { StandardSchemaV1 } from '../form/standard-schema.ts'

/** A schema of an action's bound arguments: of a tuple. */
export type BoundSchema = StandardSchemaV1<readonly unknown[], readonly unknown[]>

/** No bound arguments. */
export type NoBound = StandardSchemaV1<[], []>

/** What an action was called with. */
export interface Call {
  readonly bound: readonly unknown[]
  readonly data: FormData
}

/**
 * Sorts the arguments of a call: the bound ones, the previous state, the form. The previous state comes from the
 * browser and is dropped. `undefined` for what no form sends.
 */
export function readCall(given: readonly unknown[]): Call | undefined {
  const data = given.at(-1)
  if (given.length < 2 || !(data instanceof FormData)) return undefined
  return { bound: given.slice(0, -2), data }
}

/** The bound arguments as their schema gives them, or `undefined` if they are not those that the app bound. */
export async function checkBound(
  bound: readonly unknown[],
  schema: BoundSchema | undefined,
): Promise<readonly unknown[] | undefined> {
  if (!schema) return bound.length === 0 ? [] : undefined
  const result = await schema['~standard'].validate(bound)
  return !result.issues && Array.isArray(result.value) ? result.value : undefined
}

/**
 * Every string within values from the browser, names included; `undefined` if they hold more than `limit` values and
 * characters.
 */
export function textsIn(values: readonly unknown[], limit: number): readonly string[] | undefined {
  const texts: string[] = []
  let left = limit
  // What the browser sends may refer to itself, and be as deep as it likes.
  const seen = new Set<unknown>()
  const open: unknown[] = [...values]
  while (open.length > 0) {
    if (open.length > left) return undefined
    const value = open.pop()
    left -= 1
    if (typeof value === 'string') {
      if (value.length > left) return undefined
      left -= normalizedLength(value)
      texts.push(value)
    }
    if (left < 0) return undefined
    if (typeof value !== 'object' || value === null || seen.has(value)) continue
    seen.add(value)
    for (const inner of within(value)) open.push(inner)
  }
  return texts
}

function within(value: object): Iterable<unknown> {
  if (Array.isArray(value)) return value
  if (value instanceof Map || value instanceof FormData) return [...value].flat()
  if (value instanceof Set) return value
  if (value instanceof Blob) return [Reflect.get(value, 'name')]
  return Object.entries(value).flat()
}
