import PostalMime from 'postal-mime'
import { codesIn, linksIn } from './links-and-codes.ts'

/** The body of a message, decoded. */
export interface MessageContent {
  /** Empty if the message has no plain text. */
  readonly text: string
  readonly html: string | undefined
  readonly attachments: readonly MessageAttachment[]
  /** The addresses that the HTML links to, then those in the text, each once, in order. */
  readonly links: readonly string[]
  /** What may be a one-time code, each once, in order: 4 to 8 digits that stand alone. */
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

/** Decodes the body of a message. */
export async function parseContent(source: Buffer): Promise<MessageContent> {
  const { text = '', html, attachments } = await PostalMime.parse(source, { maxNestingDepth: 50 })
  return {
    text,
    html,
    links: linksIn(text, html),
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

  /** The body under this key; `source` gives its message when it has to be decoded. */
  read(key: string, source: () => Buffer): Promise<MessageContent> {
    const known = this.#entries.get(key)
    if (known) {
      this.#entries.delete(key)
      this.#entries.set(key, known)
      return known.content
    }
    const bytes = source()
    const entry = { size: bytes.length, content: parseContent(bytes) }
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
