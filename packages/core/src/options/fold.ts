/** The longest line of a message, without its CRLF (RFC 5322 §2.1.1). */
export const maxLineLength = 998

/** A string, and the places in it at which its field is folded (RFC 5322 §2.2.3), in ascending order. */
export interface Folded {
  readonly text: string
  readonly folds: readonly number[]
}

/** Its lines. Each but the first will have a blank before it. */
export function linesOf({ text, folds }: Folded): string[] {
  return [0, ...folds].map((start, index) => text.slice(start, folds[index]))
}

/** The value as it was before it was folded: each line break goes, the blanks after it stay. */
export function unfold(value: string): string {
  return value.replace(/\r?\n(?=[ \t])/g, '')
}
