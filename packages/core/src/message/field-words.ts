import { decodeEncodedWords } from '../options/encoded-words.ts'

/** Encoded words with blanks between them (RFC 2047 §5). */
const words = /=\?[^?\s]+\?[bq]\?[^?\s]*\?=(?:\s+=\?[^?\s]+\?[bq]\?[^?\s]*\?=)*/gi

/** Longer strings are decoded up to here: a header of a megabyte must not hold up its reader. */
const longest = 100_000

/**
 * The value of a header field with its encoded words decoded, wherever they are. Linear in its length.
 *
 * @param decode Reads bytes in a charset. Default: `TextDecoder`, and a word in a charset that it does not know stays.
 */
export function decodeWords(
  value: string,
  decode?: (charset: string, bytes: Uint8Array) => string,
): string {
  if (!value.includes('=?')) return value
  return (
    value.slice(0, longest).replace(words, (run) => decodeEncodedWords(run, decode)) +
    value.slice(longest)
  )
}
