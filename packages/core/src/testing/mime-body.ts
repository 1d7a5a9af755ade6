import { decodeEncodedWords } from '../options/encoded-words.ts'
import { unfold } from '../options/fold.ts'
import type { MailAttachment, MailBody } from './mail.ts'

/** A header, and the body behind it, each byte one character. */
interface Part {
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: string
}

/** The header fields of a message, unfolded. */
export function readHeaders(raw: Buffer): Part['headers'] {
  return readPart(raw.toString('latin1')).headers
}

/**
 * The body of a message that nodemailer wrote, whose MIME is well formed; the emulator reads that of strangers.
 */
export function readBody(raw: Buffer): MailBody {
  const found: { text?: string; html?: string; attachments: MailAttachment[] } = { attachments: [] }
  collect(readPart(raw.toString('latin1')), found)
  return { text: found.text ?? '', html: found.html, attachments: found.attachments }
}

function collect(
  part: Part,
  found: { text?: string; html?: string; attachments: MailAttachment[] },
): void {
  const type = valueOf(part, 'content-type') ?? 'text/plain'
  const contentType = (type.split(';')[0] ?? '').trim().toLowerCase()
  if (contentType.startsWith('multipart/')) {
    const boundary = parameterOf(type, 'boundary') ?? ''
    for (const piece of `\r\n${part.body}`.split(`\r\n--${boundary}`).slice(1, -1)) {
      collect(readPart(piece.replace(/^[^\n]*\n/, '')), found)
    }
    return
  }
  const content = decode(part)
  const isFile = /^attachment\b/i.test(valueOf(part, 'content-disposition') ?? '')
  if (!isFile && contentType === 'text/plain' && found.text === undefined) {
    found.text = content.toString()
  } else if (!isFile && contentType === 'text/html' && found.html === undefined) {
    found.html = content.toString()
  } else {
    const filename = parameterOf(type, 'name')
    const contentId = valueOf(part, 'content-id')?.trim().replace(/^<|>$/g, '')
    found.attachments.push({
      filename: filename === undefined ? undefined : decodeText(filename),
      contentType,
      size: content.length,
      contentId,
      content,
    })
  }
}

function readPart(source: string): Part {
  const end = source.startsWith('\r\n') ? 0 : source.indexOf('\r\n\r\n')
  const block = end === -1 ? source : source.slice(0, end)
  const body = end === -1 ? '' : source.slice(end).replace(/^(?:\r\n){1,2}/, '')
  const headers = block
    .split(/\r\n(?![ \t])/)
    .filter((field) => field.includes(':'))
    .map((field) => {
      const colon = field.indexOf(':')
      const value = Buffer.from(unfold(field.slice(colon + 1)).trim(), 'latin1').toString()
      return [field.slice(0, colon), value] as const
    })
  return { headers, body }
}

function valueOf({ headers }: Part, name: string): string | undefined {
  return headers.find(([each]) => each.toLowerCase() === name)?.[1]
}

function parameterOf(value: string, name: string): string | undefined {
  const match = new RegExp(`;\\s*${name}=(?:"((?:[^"\\\\]|\\\\.)*)"|([^\\s;]+))`, 'i').exec(value)
  return match?.[1]?.replace(/\\(.)/g, '$1') ?? match?.[2]
}

function decode(part: Part): Buffer {
  const encoding = valueOf(part, 'content-transfer-encoding')?.toLowerCase()
  if (encoding === 'base64') return Buffer.from(part.body, 'base64')
  if (encoding !== 'quoted-printable') return Buffer.from(part.body, 'latin1')
  const bytes = part.body
    .replace(/=[ \t]*\r\n/g, '')
    .replace(/=([\da-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(bytes, 'latin1')
}

const encodedWords = /=\?[^?\s]+\?[bq]\?[^?\s]*\?=(?:\s+=\?[^?\s]+\?[bq]\?[^?\s]*\?=)*/gi

/** A header's text with its encoded words decoded, wherever they stand. */
export function decodeText(value: string): string {
  return value.replace(encodedWords, (words) => decodeEncodedWords(words))
}
