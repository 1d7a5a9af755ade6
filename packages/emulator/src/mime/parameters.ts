import { decodeCharset, decodeText } from '@mailgun-smtp/core/matchers'

/** A header such as Content-Type, taken apart. */
export interface ParameterisedValue {
  /** What is before the parameters, in lower case: `text/plain`. */
  readonly value: string
  /** By name in lower case, decoded (RFC 2231, or encoded words as many writers have it). */
  readonly parameters: ReadonlyMap<string, string>
}

// More than any mail has; what is beyond is not read.
const longest = 20_000

/** Reads a value and its parameters in linear time. */
export function readParameters(field: string): ParameterisedValue {
  const pieces = splitAtSemicolons(field.slice(0, longest))
  const [value = '', ...rest] = pieces
  const plain = new Map<string, string>()
  const extended = new Map<string, Section[]>()
  for (const piece of rest) {
    const equals = piece.indexOf('=')
    if (equals === -1) continue
    const name = piece.slice(0, equals).trim().toLowerCase()
    const text = unquoted(piece.slice(equals + 1).trim())
    const [base = '', ...marks] = name.split('*')
    if (marks.length === 0) {
      if (!plain.has(base)) plain.set(base, text)
      continue
    }
    const sections = extended.get(base) ?? []
    sections.push({
      place: Number.parseInt(marks[0] ?? '', 10) || 0,
      text,
      isEncoded: name.endsWith('*'),
    })
    extended.set(base, sections)
  }
  const parameters = new Map(Array.from(plain, ([name, text]) => [name, decodeText(text)] as const))
  for (const [name, sections] of extended) parameters.set(name, joined(sections))
  // What follows a blank does not belong to the value: it is a parameter without its semicolon.
  return { value: (value.trim().split(/\s/, 1)[0] ?? '').toLowerCase(), parameters }
}

/** One of `filename*0*=`, `filename*1=` and so on. */
interface Section {
  readonly place: number
  readonly text: string
  readonly isEncoded: boolean
}

/** RFC 2231 sections 3 and 4: the first encoded section begins with `charset'language'`. */
function joined(sections: readonly Section[]): string {
  const inOrder = sections.toSorted((one, other) => one.place - other.place)
  const [, charset = 'utf-8', first] = /^([^']*)'[^']*'(.*)$/s.exec(inOrder[0]?.text ?? '') ?? []
  const bytes = inOrder.map(({ text, isEncoded }, at) => {
    const own = at === 0 && isEncoded && first !== undefined ? first : text
    return isEncoded ? percentDecoded(own) : Buffer.from(own)
  })
  return decodeCharset(charset || 'utf-8', Buffer.concat(bytes))
}

function percentDecoded(text: string): Buffer {
  const plain = text.replace(/%([\da-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
  return Buffer.from(plain, 'latin1')
}

function splitAtSemicolons(field: string): readonly string[] {
  const pieces: string[] = []
  let start = 0
  let isQuoted = false
  for (let at = 0; at < field.length; at++) {
    const character = field[at]
    if (character === '\\' && isQuoted) at++
    else if (character === '"') isQuoted = !isQuoted
    else if (character === ';' && !isQuoted) {
      pieces.push(field.slice(start, at))
      start = at + 1
    }
  }
  return [...pieces, field.slice(start)]
}

function unquoted(text: string): string {
  // Many writers leave the quotes off a name with blanks; a comment behind it is none of it.
  if (!text.startsWith('"')) return (text.split('(', 1)[0] ?? '').trim() || text
  const end = text.endsWith('"') && text.length > 1 ? -1 : undefined
  return text.slice(1, end).replace(/\\(.)/gs, '$1')
}
