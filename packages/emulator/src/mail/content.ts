import { type AttachedMail, linksIn } from '@mailgun-smtp/core/matchers'
import { headerText } from '../mime/field-text.ts'
import { codesIn } from '../mime/codes.ts'
import {
  bodyTexts,
  leavesOf,
  partContent,
  readMimeTree,
  roleOf,
  type MimePart,
} from '../mime/mime-tree.ts'
import type { TrackedCopy, TrackedLink } from '../tracking/tracked-copy.ts'

/** The body of a copy, decoded. */
export interface CopyContent {
  /** Line ends are LF. Empty if the copy has no plain text. */
  readonly text: string
  readonly html: string | undefined
  readonly attachments: readonly CopyAttachment[]
  /** The addresses that the HTML links to, then those in the text, each once, in order; of tracked links as they were sent. */
  readonly links: readonly string[]
  /** Those of the links that were rewritten, with the addresses that the recipient follows. */
  readonly trackedLinks: readonly TrackedLink[]
  /** The address of the pixel that tells of an open. */
  readonly pixel: string | undefined
  /** What may be a one-time code, each once, in order: 4 to 8 digits on their own. */
  readonly codes: readonly string[]
}

/** A file that came with a copy, or an image inside its HTML. */
export interface CopyAttachment {
  readonly filename: string | undefined
  /** In lower case, without parameters: `image/png`. */
  readonly contentType: string
  /** In bytes, decoded. */
  readonly size: number
  /** Without angle brackets, as `cid:` links have it. */
  readonly contentId?: string | undefined
  /** Decoded anew each time that it is read. */
  readonly content: Buffer
  /** What an attached mail (`message/rfc822`) says. */
  readonly mail?: AttachedMail | undefined
}

/** Longer bodies are searched for links and codes only at their beginning, so that no mail delays others. */
const searchedCharacters = 300_000

/** Decodes the body of a copy. Its time is linear in the copy's size. */
export function readContent(copy: TrackedCopy): CopyContent {
  return contentOf(readMimeTree(copy.source), copy)
}

/** What a mail that was taken apart says. */
export function contentOf(
  tree: MimePart,
  copy: Pick<TrackedCopy, 'links' | 'pixel'> = { links: [], pixel: undefined },
): CopyContent {
  const { text = '', html } = bodyTexts(tree)
  const urls = new Map(copy.links.map(({ url, address }) => [address, url]))
  const [searchedText, searchedHtml] = [text, html].map((each) =>
    each?.slice(0, searchedCharacters),
  )
  return {
    text,
    html,
    links: [
      ...new Set(linksIn(searchedText ?? '', searchedHtml).map((link) => urls.get(link) ?? link)),
    ],
    trackedLinks: copy.links,
    pixel: copy.pixel,
    codes: codesIn(searchedText ?? '', searchedHtml),
    attachments: attachmentsOf(tree),
  }
}

/** About how much memory a decoded body takes: its text and HTML, and its source if that is not shared. */
export function contentBytes({ text, html = '' }: CopyContent): number {
  return 2 * (text.length + html.length)
}

/** The parts of a mail that are files, in the order of its attachments. */
export function filesOf(mail: MimePart): readonly MimePart[] {
  return leavesOf(mail).filter((part) => roleOf(part) === 'attachment')
}

function attachmentsOf(mail: MimePart): readonly CopyAttachment[] {
  return filesOf(mail).map(describeAttachment)
}

function describeAttachment(part: MimePart): CopyAttachment {
  const { filename, contentType, contentId } = part
  const [inner] = contentType === 'message/rfc822' ? part.parts : []
  let size: number | undefined
  return {
    filename,
    contentType,
    get size() {
      return (size ??= partContent(part).length)
    },
    contentId,
    get content() {
      return partContent(part)
    },
    ...(inner && {
      get mail() {
        return readAttachedMail(inner)
      },
    }),
  }
}

function readAttachedMail(mail: MimePart): AttachedMail {
  const headers = mail.header.fields.map(({ name, value }) => [name, value] as const)
  const { text = '', html } = bodyTexts(mail)
  return {
    subject: headerText(headers, 'subject'),
    from: headerText(headers, 'from'),
    to: headerText(headers, 'to'),
    headers,
    text,
    html,
    attachments: attachmentsOf(mail),
  }
}
