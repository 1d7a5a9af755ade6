/** What a part of a mail is to its reader: text to read, HTML to look at, or a file. */
export type PartRole = 'text' | 'html' | 'attachment'

/** What decides on a part's role. */
export interface PartDescription {
  /** In lower case, without parameters: `text/plain`. */
  readonly contentType: string
  /** The first word of Content-Disposition in lower case; undefined if the part has none. */
  readonly disposition: string | undefined
  /** From Content-Disposition, or the `name` of Content-Type. */
  readonly filename: string | undefined
  /** The mail consists of this part alone. */
  readonly isWholeMail: boolean
}

/**
 * The role of a part that is not a multipart.
 *
 * A text part with a file name is a file, also when it is marked `inline` (Apple Mail sends attached text files so), unless it is
 * the whole mail. The outbox and the emulator both go by this.
 */
export function partRole(part: PartDescription): PartRole {
  const { contentType, disposition, filename, isWholeMail } = part
  if (disposition === 'attachment') return 'attachment'
  if (filename !== undefined && !isWholeMail) return 'attachment'
  if (contentType === 'text/html') return 'html'
  return contentType === 'text/plain' ? 'text' : 'attachment'
}
