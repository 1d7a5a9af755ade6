import { readValues, required, UnusableForm } from '../shop/form.ts'
import { mostPeople, readPeople, type Person } from '../shop/people.ts'

/** A letter and those it is for. */
export interface Newsletter {
  readonly people: readonly Person[]
  readonly subject: string
  readonly text: string
}

/**
 * Reads the newsletter form.
 *
 * @throws {UnusableForm} naming the lines that cannot be used.
 */
export function readNewsletter(body: unknown): Newsletter {
  const { people: lines, ...letter } = required(readValues(body), {
    people: 'Whom is it for?',
    subject: 'A letter needs a subject.',
    text: 'The letter is empty.',
  })
  const { people, bad } = readPeople(lines)
  const [worst] = bad
  if (worst) throw new UnusableForm({ people: `Line ${worst.line} ${worst.reason}.` })
  if (people.length > mostPeople) {
    throw new UnusableForm({ people: `At most ${mostPeople} people, please.` })
  }
  return { people, ...letter }
}

/** The paragraphs of a string: the parts between empty lines. */
export function paragraphs(text: string): string[] {
  return text.split(/\n{2,}/).filter((paragraph) => paragraph.trim() !== '')
}

/** This hour of tomorrow, where the shop is. */
export function tomorrowAt(hour: number, now: Date = new Date()): Date {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1, hour)
}
