/**
 * State that must be one per process: Next.js evaluates a module once for each of its module graphs, and again after
 * each edit in development.
 */
export function once<State>(key: string, create: () => State): State {
  const symbol = Symbol.for(`@mailgun-smtp/next/${key}`)
  const place: { [key: symbol]: unknown } = globalThis
  place[symbol] ??= create()
  // Only this module's callers write under these symbols, each with one type.
  return place[symbol] as State
}
