/** The longest line of a message, without its CRLF (RFC 5322 §2.1.1). */
export const maxLineLength = 998

/** Lines are filled up to here (RFC 5322 §2.1.1). */
const preferredLineLength = 76

/** Joins pieces into a header value, folded between them (RFC 5322 §2.2.3) once a line is full. */
export function fold(header: string, pieces: readonly string[]): string {
  let value = ''
  let column = header.length + ': '.length
  for (const piece of pieces) {
    if (value !== '' && column + piece.length > preferredLineLength) {
      value += '\r\n '
      column = 1
    }
    value += piece
    column += piece.length
  }
  return value
}

/** The value as it was before it was folded: each line break goes, the blanks after it stay. */
export function unfold(value: string): string {
  return value.replace(/\r?\n(?=[ \t])/g, '')
}
