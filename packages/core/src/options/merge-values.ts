import type { JsonObject, RecipientVariables } from './options.ts'

/** Tags of both, each once: Mailgun ignores their case. */
export function unite(outer: readonly string[], inner: readonly string[]): readonly string[] {
  const byKey = new Map<unknown, string>()
  for (const tag of [...outer, ...inner]) {
    // A value that is not a string is kept, so that the builder refuses it by its path.
    const key = typeof tag === 'string' ? tag.toLowerCase() : tag
    if (!byKey.has(key)) byKey.set(key, tag)
  }
  return [...byKey.values()]
}

/** The keys of both; the inner value of a key replaces the outer, unless it is `undefined`. */
export function mergeKeys(outer: JsonObject, inner: JsonObject): JsonObject {
  // fromEntries defines properties: a key `__proto__` is data like any other.
  return Object.fromEntries([
    ...Object.entries(outer),
    ...Object.entries(inner).filter(([, value]) => value !== undefined),
  ])
}

/** The recipients of both; the variables of one recipient are merged key by key. */
export function mergeEntries(
  outer: RecipientVariables,
  inner: RecipientVariables,
): RecipientVariables {
  const merged = new Map(Object.entries(outer))
  for (const [address, variables] of Object.entries(inner)) {
    const before = merged.get(address)
    merged.set(address, before ? mergeKeys(before, variables) : variables)
  }
  return Object.fromEntries(merged)
}
