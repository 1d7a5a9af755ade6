import { leavesOf, partText, readMimeTree, roleOf, type MimePart } from './mime-tree.ts'

/** A part of a message that holds text to be read, not a file. */
export interface TextPart extends Pick<MimePart, 'header' | 'start' | 'end' | 'encoding'> {
  readonly contentType: string
  /** The decoded text; its line ends are as written. */
  readonly text: string
}

/** Finds every text part of a message, in order: its text and HTML, and others such as AMP; files are not among them. */
export function textParts(raw: Buffer): readonly TextPart[] {
  return leavesOf(readMimeTree(raw))
    .filter(isText)
    .map((part) => {
      const { header, start, end, encoding, contentType } = part
      return { header, start, end, encoding, contentType, text: partText(part) }
    })
}

function isText(part: MimePart): boolean {
  if (roleOf(part) !== 'attachment') return true
  const { contentType, disposition, filename } = part
  return contentType.startsWith('text/') && disposition === undefined && filename === undefined
}
