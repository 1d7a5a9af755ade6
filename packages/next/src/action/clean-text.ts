/**
 * A string for one line of a header, without control characters, line separators and those that reverse the direction of
 * writing or halves of a character, each run of them read as one space.
 */
export function cleanLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cs}\u2028\u2029\u202A-\u202E\u2066-\u2069]+/gu, ' ').trim()
}

/**
 * How many characters a string has when it is normalised (NFKC), as it is for the check of typed addresses: one character
 * may become eighteen.
 */
export function normalizedLength(text: string): number {
  return /^[\0-\x7F]*$/.test(text) ? text.length : text.normalize('NFKC').length
}

/** The first characters of a string; a character of two code units is not cut in half. */
export function cut(text: string, length: number): string {
  return text.length <= length ? text : text.slice(0, length).replace(/[\uD800-\uDBFF]$/, '')
}
