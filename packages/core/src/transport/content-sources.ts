import type { SendMailOptions } from 'nodemailer'
import type { Readable } from 'node:stream'

const bodies = ['text', 'html', 'watchHtml', 'amp', 'icalEvent'] as const
const lists = ['attachments', 'alternatives'] as const

/** Where a part of a message gets its bytes from. */
export interface ContentSource {
  /** Such as `html`, or `attachments[1].content`. */
  readonly path: string
  /** In characters or bytes, before they are encoded, if they are here; otherwise nothing. */
  readonly length?: number
  readonly stream?: Readable
  /** The file that is read. */
  readonly file?: string
}

/** Every source of a message's bytes. */
export function contentSources(message: SendMailOptions): ContentSource[] {
  const sources: ContentSource[] = []
  for (const field of bodies) add(message[field], field, sources)
  for (const field of lists) {
    const list: unknown = message[field]
    if (list === undefined || list === null) continue
    const parts: unknown[] = Array.isArray(list) ? list : [list]
    parts.forEach((part, index) => add(part, `${field}[${index}]`, sources))
  }
  return sources
}

function add(part: unknown, path: string, sources: ContentSource[]): void {
  if (part === undefined || part === null || part === false) return
  if (typeof part === 'string' || part instanceof Uint8Array) {
    sources.push({ path, length: part.length })
  } else if (isStream(part)) sources.push({ path, stream: part })
  else {
    const content: unknown = Reflect.get(Object(part), 'content')
    if (content === undefined || content === null) sources.push(elsewhere(part, path))
    else add(content, `${path}.content`, sources)
  }
}

/** A part that names where its bytes are: a file, a URL, or what nodemailer will find out. */
function elsewhere(part: unknown, path: string): ContentSource {
  const file: unknown = Reflect.get(Object(part), 'path')
  return typeof file === 'string' ? { path: `${path}.path`, file } : { path }
}

function isStream(value: unknown): value is Readable {
  return typeof Reflect.get(Object(value), 'pipe') === 'function'
}

/** The source that an error of reading the message comes from. */
export function failedSource(
  sources: readonly ContentSource[],
  error: unknown,
): ContentSource | undefined {
  const file: unknown = Reflect.get(Object(error), 'path')
  return (
    sources.find(({ stream }) => stream !== undefined && stream.errored === error) ??
    sources.find((source) => source.file !== undefined && source.file === file) ??
    // nodemailer has an error of its own for a stream that was used up before.
    sources.find(({ stream }) => stream?.destroyed || stream?.readableEnded)
  )
}
