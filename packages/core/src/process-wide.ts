/**
 * State that must be one per process. Bundlers evaluate a module several times, and each copy must find the same.
 * The key carries a version, so that copies whose state differs in shape keep apart.
 */
export function once<State>(key: string, create: () => State): State {
  const symbol = Symbol.for(`@mailgun-smtp/core/${key}`)
  const place: { [key: symbol]: unknown } = globalThis
  place[symbol] ??= create()
  // Only this module's callers write under these symbols, each with one type.
  return place[symbol] as State
}
