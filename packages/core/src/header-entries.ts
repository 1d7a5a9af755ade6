/** One header of a message, as nodemailer will add it. */
export interface HeaderEntry {
  readonly key: string
  readonly value: unknown
}

/** nodemailer's `headers` in their three forms (a map, one `{ key, value }`, a list of those) as a list. */
export function headerEntries(headers: unknown): HeaderEntry[] {
  if (typeof headers !== 'object' || headers === null) return []
  if (Array.isArray(headers)) return headers.map(toEntry)
  if (Reflect.get(headers, 'key') && Reflect.get(headers, 'value')) return [toEntry(headers)]
  return Object.entries(headers).map(([key, value]) => ({ key, value: value as unknown }))
}

function toEntry(header: unknown): HeaderEntry {
  const key: unknown = Reflect.get(Object(header), 'key')
  return { key: typeof key === 'string' ? key : '', value: Reflect.get(Object(header), 'value') }
}

/** A header's name as nodemailer will write it, in lower case: it drops blanks, colons and controls. */
export function headerKey(name: string): string {
  return name.replace(/[\s\p{Cc}:]/gu, '').toLowerCase()
}
