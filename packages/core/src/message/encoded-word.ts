/** The most bytes that one encoded word of Base64 can hold: 75 characters, of which 12 are its frame (RFC 2047 §2). */
const maxBytes = 45

/** A string as encoded words (RFC 2047), none of which cuts a character. */
export function encodeWord(text: string): string {
  const words: string[] = []
  let piece = ''
  let size = 0
  for (const character of text) {
    const length = Buffer.byteLength(character)
    if (size + length > maxBytes) {
      words.push(piece)
      piece = ''
      size = 0
    }
    piece += character
    size += length
  }
  words.push(piece)
  return words.map((word) => `=?UTF-8?B?${Buffer.from(word).toString('base64')}?=`).join(' ')
}
