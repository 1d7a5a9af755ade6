/** DER, the encoding of certificates (ITU-T X.690), as far as a certificate needs it. */

/** One value: its tag, its length, its content. */
export function der(tag: number, ...content: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(content)
  return Buffer.concat([Buffer.from([tag]), derLength(body.length), body])
}

function derLength(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length])
  const bytes: number[] = []
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256)
  return Buffer.from([0x80 | bytes.length, ...bytes])
}

export function sequence(...content: readonly Uint8Array[]): Buffer {
  return der(0x30, ...content)
}

export function set(...content: readonly Uint8Array[]): Buffer {
  return der(0x31, ...content)
}

export function boolean(value: boolean): Buffer {
  return der(0x01, Buffer.from([value ? 0xff : 0]))
}

/** A whole number of zero or more, big end first. */
export function integer(bytes: Uint8Array): Buffer {
  // A set top bit would make it negative.
  const isNegative = (bytes[0] ?? 0) >= 0x80
  return der(0x02, isNegative ? Buffer.concat([Buffer.from([0]), bytes]) : bytes)
}

/** A bit string of whole bytes, or one whose last bits are unused. */
export function bitString(bytes: Uint8Array, unusedBits = 0): Buffer {
  return der(0x03, Buffer.from([unusedBits]), bytes)
}

export function octetString(...content: readonly Uint8Array[]): Buffer {
  return der(0x04, ...content)
}

export function utf8String(text: string): Buffer {
  return der(0x0c, Buffer.from(text))
}

/** A time before 2050, to the second. */
export function utcTime(time: Date): Buffer {
  const digits = time.toISOString().replace(/[-:T]/g, '').slice(2, 14)
  return der(0x17, Buffer.from(`${digits}Z`))
}

/** An object identifier, written as `1.2.840.10045.4.3.2`. */
export function objectId(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  const bytes = [first * 40 + second]
  for (const arc of rest) {
    const groups = [arc & 0x7f]
    for (let high = arc >>> 7; high > 0; high >>>= 7) groups.unshift((high & 0x7f) | 0x80)
    bytes.push(...groups)
  }
  return der(0x06, Buffer.from(bytes))
}

/** A value tagged by its context. */
export function tagged(number: number, ...content: readonly Uint8Array[]): Buffer {
  return der(0xa0 | number, ...content)
}

/** The same for a value that replaces the tag of a plain (not constructed) one. */
export function implicit(number: number, content: Uint8Array): Buffer {
  return der(0x80 | number, content)
}
