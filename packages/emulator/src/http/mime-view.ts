import { contentOf, filesOf, type CopyContent } from '../mail/content.ts'
import type { Copy } from '../mail/message.ts'
import { bodyTexts, partContent, partText, readMimeTree, type MimePart } from '../mime/mime-tree.ts'
import type { MimePartSummary } from './answers.ts'
import { htmlView, isDrawable, partView } from './mail-view.ts'
import { plainText, type HttpReply } from './reply.ts'

export function treeOf({ raw }: Copy): MimePart {
  return readMimeTree(raw)
}

/** The part with this number; undefined if there is none. */
export function findPart(tree: MimePart, section: string): MimePart | undefined {
  if (tree.section === section) return tree
  for (const part of tree.parts) {
    const found = findPart(part, section)
    if (found) return found
  }
  return undefined
}

export function describePart(part: MimePart): MimePartSummary {
  const { section, contentType, parameters, encoding, disposition, filename, header, end } = part
  return {
    section,
    contentType,
    charset: parameters.get('charset') ?? null,
    encoding,
    disposition: disposition ?? null,
    filename: filename ?? null,
    size: end - header.bodyStart,
    headers: header.fields.map(({ name, value }) => [name, value] as const),
    parts: part.parts.map(describePart),
  }
}

/** A part's decoded content: text to be read, an image to be drawn, anything else to be saved. */
export function partFile(part: MimePart): HttpReply {
  const { contentType, filename } = part
  if (contentType.startsWith('text/') && !isDrawable(contentType)) return plainText(partText(part))
  return partView({ filename, contentType, content: partContent(part) })
}

/** What an attached mail says, or an HTML or text part by itself, as a page. */
export function innerView(part: MimePart, settings: Parameters<typeof htmlView>[1]): HttpReply {
  const [mail] = part.contentType === 'message/rfc822' ? part.parts : []
  if (!mail) return htmlView(textContent(part), settings)
  const files = filesOf(mail)
  return htmlView(contentOf(mail), settings, (at) => `../${files[at]?.section ?? ''}`)
}

function textContent(part: MimePart): CopyContent {
  const { text = '', html } = bodyTexts({ ...part, isMail: true, disposition: undefined })
  const nothing = { links: [], trackedLinks: [], pixel: undefined, codes: [], attachments: [] }
  return { text, html, ...nothing }
}
