export interface Address {
  readonly name: string
  readonly address: string
}

/** An address header in two: the name, if there is one, and the plain address. Several stay as they are. */
export function splitAddress(header: string): Address {
  const text = header.trim()
  const open = text.lastIndexOf('<')
  if (open === -1 || !text.endsWith('>')) return { name: '', address: text }

  const before = text.slice(0, open).trim()
  const quoted = /^"(?:[^"\\]|\\.)*"$/s.test(before)
  if (!quoted && /[<"@]/.test(before)) return { name: '', address: text }
  return {
    name: quoted ? before.slice(1, -1).replace(/\\(.)/gs, '$1') : before,
    address: text.slice(open + 1, -1),
  }
}

/** The name of an address header, or the address where it has none. */
export function shortAddress(header: string): string {
  const { name, address } = splitAddress(header)
  return name || address
}
