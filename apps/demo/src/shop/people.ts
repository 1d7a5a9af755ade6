/** A person to write to. */
export interface Person {
  readonly name: string
  readonly address: string
  /** What a letter calls them. */
  readonly first: string
}

/** A line that cannot be used, counted from 1. */
export interface BadLine {
  readonly line: number
  readonly reason: string
}

/** How many people one letter can have. Every user of this machine can open the page, so it is not many. */
export const mostPeople = 50

/** Reads `Name <address>`, one a line; the name may be left out, and empty lines are. */
export function readPeople(text: string): { people: Person[]; bad: BadLine[] } {
  const people: Person[] = []
  const bad: BadLine[] = []
  const seen = new Map<string, number>()
  for (const [index, raw] of text.split('\n').entries()) {
    const line = index + 1
    const person = readPerson(raw.trim())
    if (person === undefined) continue
    const key = typeof person === 'string' ? '' : person.address.toLowerCase()
    const earlier = seen.get(key)
    if (typeof person === 'string') bad.push({ line, reason: person })
    else if (earlier) bad.push({ line, reason: `is the address of line ${earlier} again` })
    else {
      seen.set(key, line)
      people.push(person)
    }
  }
  return { people, bad }
}

function readPerson(line: string): Person | string | undefined {
  if (line === '') return undefined
  const opening = line.endsWith('>') ? line.lastIndexOf('<') : -1
  const given = line.slice(0, Math.max(0, opening)).trim()
  const address = opening < 0 ? line : line.slice(opening + 1, -1).trim()
  // An @ outside of quotes: there would be two people on the line.
  if ((given.includes('@') && !/^".*"$/.test(given)) || !isAddress(address)) {
    return 'is not a name and an address: Ada Lovelace <ada@example.com>'
  }
  const name = given.replace(/^"(.*)"$/, '$1').replaceAll(/\\(.)/g, '$1')
  const [local = ''] = address.split('@')
  return { name, address, first: greetingName(name) || greetingName(local) || 'friend' }
}

/** Whether it may be an address; core has the last word. */
function isAddress(text: string): boolean {
  return /^[^\s<>,;:"()[\]\\]+@[^\s<>,;:"()[\]\\@]+$/.test(text)
}

/**
 * The first word of a name, letters and what joins them: Mailgun puts it into subject, text and HTML alike, escapes
 * nothing, and would read a `%` as the beginning of a placeholder.
 */
function greetingName(name: string): string {
  // "Lovelace, Ada" is called Ada.
  const called = /^[^,]+,\s*(\S.*)$/.exec(name)?.[1] ?? name
  const words = called
    .normalize('NFC')
    .replace(/[^\p{L}\p{M}\p{N}\s'’.·-]/gu, '')
    .split(/\s+/)
  const [...characters] = words.find((word) => /[\p{L}\p{N}]/u.test(word)) ?? ''
  return characters.slice(0, 40).join('')
}
