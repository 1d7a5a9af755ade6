import { papers, type Account } from './account.ts'

/** The words of the welcome letter. */
export function welcome({ name, paper }: Account): {
  readonly subject: string
  readonly paragraphs: readonly string[]
} {
  return {
    subject: `Welcome to the bench, ${name}`,
    paragraphs: [
      'We are glad you found us. Your account is open, and there is nothing you need to confirm.',
      `You asked for ${papers[paper].toLowerCase()} paper. The next time you order, a sheet of our newest goes along with it.`,
      'Four times a year we write about what has come off the mould. That is all you will hear from us.',
      'The bench at Deckle',
    ],
  }
}
