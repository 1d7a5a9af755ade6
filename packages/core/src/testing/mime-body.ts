import { unfold } from '../options/fold.ts'
import { decodeCharset, decodeText, readableText } from './decode-text.ts'
import type { AttachedMail, MailAttachment, MailBody } from './mail.ts'
import { partRole } from './part-role.ts'

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
 * Reads the body of a message that nodemailer wrote, so its MIME is well formed. The emulator has its own reader for foreign MIME.
 */
export function readBody(raw: Buffer): MailBody {
  return bodyOf(readPart(raw.toString('latin1')), mostNested)
}

/** Mails in mails, and multiparts in multiparts: deeper ones are files. */
const mostNested = 20

interface Found {
  readonly texts: string[]
  readonly htmls: string[]
  readonly attachments: MailAttachment[]
}

function bodyOf(part: Part, depth: number): MailBody {
  const found: Found = { texts: [], htmls: [], attachments: [] }
  collect(part, found, { depth, isWholeMail: true })
  const { texts, htmls, attachments } = found
  return {
    text: texts.join('\n'),
    html: htmls.length === 0 ? undefined : htmls.join('\n'),
    attachments,
  }
}

function collect(
  part: Part,
  found: Found,
  { depth, isWholeMail }: { readonly depth: number; readonly isWholeMail: boolean },
): void {
  const type = valueOf(part, 'content-type') ?? 'text/plain'
  const contentType = (type.split(';')[0] ?? '').trim().toLowerCase()
  if (contentType.startsWith('multipart/') && depth > 0) {
    const boundary = parameterOf(type, 'boundary') ?? ''
    for (const piece of `\r\n${part.body}`.split(`\r\n--${boundary}`).slice(1, -1)) {
      const inner = readPart(piece.replace(/^[^\n]*\n/, ''))
      collect(inner, found, { depth: depth - 1, isWholeMail: false })
    }
    return
  }
  const content = decode(part)
  const disposition = valueOf(part, 'content-disposition')
  const named = parameterOf(type, 'name') ?? parameterOf(disposition ?? '', 'filename')
  const filename = named === undefined ? undefined : decodeText(named)
  const role = partRole({
    contentType,
    disposition: disposition?.split(';')[0]?.trim().toLowerCase(),
    filename,
    isWholeMail,
  })
  if (role !== 'attachment') {
    const text = decodeCharset(parameterOf(type, 'charset') ?? 'utf-8', content)
    const texts = role === 'html' ? found.htmls : found.texts
    texts.push(readableText(text, flowOf(type)))
    return
  }
  const contentId = valueOf(part, 'content-id')?.trim().replace(/^<|>$/g, '')
  const isMail = contentType === 'message/rfc822' && depth > 0
  found.attachments.push({
    filename,
    contentType,
    size: content.length,
    contentId,
    content,
    ...(isMail && { mail: readMail(content, depth - 1) }),
  })
}

function flowOf(contentType: string): { readonly flowed: boolean; readonly delSp: boolean } {
  const is = (name: string, word: string): boolean =>
    parameterOf(contentType, name)?.toLowerCase() === word
  return { flowed: is('format', 'flowed'), delSp: is('delsp', 'yes') }
}

function readMail(raw: Buffer, depth: number): AttachedMail {
  const part = readPart(raw.toString('latin1'))
  const text = (name: string): string => decodeText(valueOf(part, name) ?? '')
  return {
    subject: text('subject'),
    from: text('from'),
    to: text('to'),
    headers: part.headers,
    ...bodyOf(part, depth),
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
