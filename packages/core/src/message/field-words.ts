import { decodeEncodedWords } from '../options/encoded-words.ts'
import { unfold } from '../options/fold.ts'

/** One encoded word or several with blanks between (RFC 2047 §5); the classes of neighbours do not overlap. */
const words =
  /=\?[^?\s]{1,60}\?[bq]\?[^?\s]{0,1000}\?=(?:\s+=\?[^?\s]{1,60}\?[bq]\?[^?\s]{0,1000}\?=)*/gi

/** The value of a header field as a reader shows it: unfolded, encoded words decoded wherever they are. */
export function decodeWordsIn(value: string): string {
  const flat = unfold(value)
  return flat.includes('=?') ? flat.replace(words, (run) => decodeEncodedWords(run)) : flat
}
