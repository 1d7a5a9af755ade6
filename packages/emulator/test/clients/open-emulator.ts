import { createTransport, type SendMailOptions } from 'nodemailer'
import { onTestFinished } from 'vitest'
import {
  createMailgunEmulator,
  type MailgunEmulator,
  type MailgunEmulatorOptions,
} from '../../src/index.ts'

/** An emulator for one test, and a way to send it mail. */
export async function openEmulator(options: MailgunEmulatorOptions = {}): Promise<{
  emulator: MailgunEmulator
  send: (mail: SendMailOptions) => Promise<unknown>
}> {
  const emulator = await createMailgunEmulator(options)
  const transporter = createTransport(emulator.transport)
  onTestFinished(async () => {
    transporter.close()
    await emulator.close()
  })
  return {
    emulator,
    send: (mail) => transporter.sendMail({ from: 'Shop <shop@mg.example.com>', ...mail }),
  }
}

/** A header that nodemailer writes as it stands. */
function plain(value: string): { prepared: true; value: string } {
  return { prepared: true, value }
}

/** For two recipients, each with a copy of their own. */
export const batch: SendMailOptions = {
  to: ['ada@example.com', 'alan@example.com'],
  subject: 'Reset for %recipient.first%',
  text: 'See https://example.com/reset?for=%recipient.first%.',
  html: '<p>Dear %recipient.first%</p>',
  attachments: [{ filename: 'terms.pdf', content: 'PDF!' }],
  headers: {
    'X-Mailgun-Tag': 'reset',
    'X-Mailgun-Track-Opens': 'no',
    'X-Mailgun-Require-TLS': 'yes',
    'X-Mailgun-Variables': plain('{"order":{"id":7}}'),
    'X-Mailgun-Recipient-Variables': plain(
      '{"ada@example.com":{"first":"Ada"},\r\n "alan@example.com":{"first":"Alan"}}',
    ),
  },
}
