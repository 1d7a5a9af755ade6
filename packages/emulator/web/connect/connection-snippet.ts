import type { EmulatorSummary } from '../../src/http/answers.ts'

/** nodemailer code that sends to this emulator, with its certificate checked. */
export function connectionSnippet(info: EmulatorSummary, origin: string): string {
  return `import nodemailer from 'nodemailer'

const ca = await (await fetch('${origin}/ca.pem')).text()

const transporter = nodemailer.createTransport({
  host: ${quoted(info.host)},
  port: ${info.port},
  requireTLS: true,
  auth: {
    user: ${quoted(info.user)},
    pass: process.env.MAILGUN_SMTP_PASSWORD,
  },
  tls: { ca },
})`
}

function quoted(text: string): string {
  return `'${text.replace(/['\\]/g, '\\$&')}'`
}
