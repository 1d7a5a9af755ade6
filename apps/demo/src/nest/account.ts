import { randomBytes } from 'node:crypto'
import { readValues, required, UnusableForm } from '../shop/form.ts'

/** The papers one can have letters on, by the word that Mailgun gets. */
export const papers = {
  plain: 'Plain',
  ruled: 'Ruled',
  dotted: 'Dotted',
} as const

/** A customer. */
export interface Account {
  readonly id: string
  readonly name: string
  readonly email: string
  readonly paper: keyof typeof papers
}

/**
 * Reads the sign-up form.
 *
 * @throws {UnusableForm} if it is not filled in.
 */
export function readAccount(body: unknown): Account {
  const values = readValues(body)
  const { name, email } = required(values, {
    name: 'What may we call you?',
    email: 'Where may the letter go?',
  })
  const { paper = '' } = values
  if (!isPaper(paper)) throw new UnusableForm({ paper: 'Choose a paper.' })
  return { id: randomBytes(4).toString('hex'), name, email, paper }
}

function isPaper(value: string): value is Account['paper'] {
  return Object.hasOwn(papers, value)
}
