import PostalMime from 'postal-mime'
import { codesIn, linksIn } from '../mime/links-and-codes.ts'
import type { TrackedCopy, TrackedLink } from '../tracking/tracked-copy.ts'

/** The body of a message, decoded. */
export interface MessageContent {
  /** Empty if the message has no plain text. */
  readonly text: string
  readonly html: string | undefined
  readonly attachments: readonly MessageAttachment[]
  /** The addresses that the HTML links to, then those in the text, each once, in order; of tracked links as they were sent. */
  readonly links: readonly string[]
  /** Those of the links that were rewritten, with the addresses that the recipient follows. */
  readonly trackedLinks: readonly TrackedLink[]
  /** The address of the pixel that tells of an open. */
  readonly pixel: string | undefined
  /** What may be a one-time code, each once, in order: 4 to 8 digits on their own. */
  readonly codes: readonly string[]
}

/** A file that came with a message, or an image inside its HTML. */
export interface MessageAttachment {
  readonly filename: string | undefined
  /** In lower case, without parameters: `image/png`. */
  readonly contentType: string
  /** In bytes, decoded. */
  readonly size: number
  /** Without angle brackets, as `cid:` links have it. */
  readonly contentId?: string | undefined
  readonly content: Buffer
}

/** Decodes the body of a copy. */
export async function parseContent(copy: TrackedCopy): Promise<MessageContent> {
  const options = { maxNestingDepth: 50 }
  const { text = '', html, attachments } = await PostalMime.parse(copy.source, options)
  const urls = new Map(copy.links.map(({ url, address }) => [address, url]))
  return {
    text,
    html,
    links: [...new Set(linksIn(text, html).map((link) => urls.get(link) ?? link))],
    trackedLinks: copy.links,
    pixel: copy.pixel,
    codes: codesIn(text, html),
    attachments: attachments.map(({ filename, mimeType, contentId, content }) => {
      const bytes =
        typeof content === 'string' ? Buffer.from(content) : Buffer.from(content as ArrayBuffer)
      return {
        filename: filename ?? undefined,
        contentType: mimeType,
        size: bytes.length,
        contentId: contentId?.trim().replace(/^<|>$/g, ''),
        content: bytes,
      }
    }),
  }
}

const limits = { messages: 50, bytes: 64_000_000 }

/** The last few bodies that were looked at, so that a page and its images decode a message once. */
export class ContentCache {
  readonly #entries = new Map<
    string,
    { readonly size: number; readonly content: Promise<MessageContent> }
  >()
  #bytes = 0

  /** The body under this key; `source` gives its copy when it has to be decoded. */
  read(key: string, source: () => TrackedCopy): Promise<MessageContent> {
    const known = this.#entries.get(key)
    if (known) {
      this.#entries.delete(key)
      this.#entries.set(key, known)
      return known.content
    }
    const copy = source()
    const entry = { size: copy.source.length, content: parseContent(copy) }
    this.#entries.set(key, entry)
    this.#bytes += entry.size
    this.#forgetOldest()
    return entry.content
  }

  clear(): void {
    this.#entries.clear()
    this.#bytes = 0
  }

  #forgetOldest(): void {
    for (const [key, { size }] of this.#entries) {
      const isFull = this.#entries.size > limits.messages || this.#bytes > limits.bytes
      if (!isFull || this.#entries.size === 1) return
      this.#entries.delete(key)
      this.#bytes -= size
    }
  }
}
