/** A placeholder for a value, as `expect.any` and its like make. */
export interface Asymmetric {
  asymmetricMatch(value: unknown): boolean
  toAsymmetricMatcher?(): string
  toString(): string
}

export function isAsymmetric(value: unknown): value is Asymmetric {
  return typeof Reflect.get(Object(value), 'asymmetricMatch') === 'function'
}

/**
 * Whether a value is as expected. A regular expression must find something in it, an object must have at least the expected
 * keys, and anything else must be equal. `expect.any` and similar are equal to what they match.
 */
export function fits(value: unknown, expected: unknown): boolean {
  if (isAsymmetric(expected)) return expected.asymmetricMatch(value)
  if (expected instanceof RegExp) return typeof value === 'string' && value.search(expected) !== -1
  if (Array.isArray(expected)) {
    return (
      Array.isArray(value) &&
      value.length === expected.length &&
      expected.every((each, at) => fits(value[at], each))
    )
  }
  if (typeof expected !== 'object' || expected === null) return Object.is(value, expected)
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.entries(expected).every(([key, each]) =>
      fits(Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined, each),
    )
  )
}

/** Whether a string contains another, or an expression finds something in it. Line ends are alike. */
export function contains(text: string, expected: string | RegExp): boolean {
  const content = text.replaceAll('\r\n', '\n')
  return typeof expected === 'string'
    ? content.includes(expected.replaceAll('\r\n', '\n'))
    : content.search(expected) !== -1
}
