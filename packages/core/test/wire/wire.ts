import { createTransport, type SendMailOptions } from 'nodemailer'
import { attachMailgun, type MailgunMessage } from '../../src/index.ts'
import { fieldsOf, type Field } from './unfolders.ts'

/** A message as its bytes would leave, each byte one character. */
export interface Wire {
  readonly raw: string
  /** The header block, without the empty line that ends it. */
  readonly block: string
  readonly fields: readonly Field[]
  /** The fields whose names begin with X-Mailgun-, as `name: folded value`. */
  readonly mailgun: readonly string[]
  readonly envelope: { readonly from: string | false; readonly to: readonly string[] }
}

/** The least that nodemailer sends. */
export const letter: MailgunMessage = {
  from: 'shop@example.com',
  to: 'ada@example.net',
  subject: 'Hi',
  text: 'Hi',
}

/** A real nodemailer transporter that hands the message back instead of sending it. */
export function streamTransporter(
  defaults: SendMailOptions & MailgunMessage = {},
): ReturnType<typeof plainTransporter> {
  const transporter = plainTransporter(defaults)
  attachMailgun(transporter)
  return transporter
}

/** The same before `attachMailgun`. */
export function plainTransporter(defaults: SendMailOptions & MailgunMessage = {}) {
  return createTransport(
    { streamTransport: true as const, buffer: true, newline: 'windows' },
    defaults,
  )
}

/** Sends a message through nodemailer and reads what would leave. */
export async function wireOf(
  message: MailgunMessage,
  transporter: ReturnType<typeof plainTransporter> = streamTransporter(),
): Promise<Wire> {
  const { message: bytes, envelope } = await transporter.sendMail(message)
  return { ...wireIn((bytes as Buffer).toString('latin1')), envelope }
}

/** What the bytes of a message say. */
export function wireIn(raw: string): Omit<Wire, 'envelope'> {
  const block = raw.slice(0, raw.indexOf('\r\n\r\n'))
  const fields = fieldsOf(block)
  const mailgun = fields
    .filter(([name]) => /^[^!-~]*x-mailgun-/i.test(name))
    .map(([name, value]) => `${name}: ${value}`)
  return { raw, block, fields, mailgun }
}
