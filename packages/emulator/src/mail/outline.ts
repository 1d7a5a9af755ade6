import { shownText } from '@mailgun-smtp/core/matchers'
import { bodyTexts, leavesOf, roleOf, type MimePart } from '../mime/mime-tree.ts'

/** What a list shows of a mail's body. */
export interface Outline {
  /** How many files came with it. */
  readonly attachments: number
  /** How its text begins, on one line. */
  readonly snippet: string
}

const snippetCharacters = 160
/** How many bytes of a body are read. Those before its first word may be blank, or a style sheet. */
const readBytes = 20_000

export function outlineOf(mail: MimePart): Outline {
  const attachments = leavesOf(mail).filter((part) => roleOf(part) === 'attachment').length
  const { text = '', html = '' } = bodyTexts(mail, readBytes)
  const begin = text.trim() || shownText(html)
  const line = begin.replace(/\s+/g, ' ').trim()
  return { attachments, snippet: line.slice(0, snippetCharacters) }
}
