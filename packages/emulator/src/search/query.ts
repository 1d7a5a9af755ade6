/** One word of a search, or what it says of a field: `tag:welcome`, `-is:test`. */
export interface Term {
  /** Empty for a word that may be anywhere. */
  readonly field: SearchField | ''
  /** In lower case. */
  readonly text: string
  /** It was written with a `-` before it: what it is true of is left out. */
  readonly isNegated: boolean
}

/** The fields that a search can name. */
export const searchFields = ['to', 'from', 'subject', 'tag', 'body', 'id', 'is', 'has'] as const

export type SearchField = (typeof searchFields)[number]

/** A search that cannot be meant; the message says what can. */
export class SearchError extends Error {}

const longest = 1_000

/**
 * Reads a search: words apart by blanks, each of which has to be found; quotes hold words together, and a `-` before a
 * word leaves out what it is true of.
 *
 * @throws {SearchError} for an `is:` or a `has:` that there is not.
 */
export function parseSearch(
  search: string,
  known: Readonly<Record<'is' | 'has', readonly string[]>>,
): readonly Term[] {
  const words =
    search
      .slice(0, longest)
      .toLowerCase()
      .match(/(?:"[^"]*"?|[^\s"])+/g) ?? []
  const terms = words.map(parseTerm).filter(({ text }) => text !== '')
  for (const { field, text } of terms) {
    if ((field === 'is' || field === 'has') && !known[field].includes(text)) {
      throw new SearchError(`There is no ${field}:${text}; there is ${known[field].join(', ')}.`)
    }
  }
  return terms
}

function parseTerm(word: string): Term {
  const isNegated = word.length > 1 && word.startsWith('-')
  const rest = isNegated ? word.slice(1) : word
  const colon = rest.indexOf(':')
  const name = rest.slice(0, Math.max(colon, 0))
  const field = searchFields.find((each) => each === name) ?? ''
  const text = (field === '' ? rest : rest.slice(colon + 1)).replaceAll('"', '')
  return { field, text, isNegated }
}
