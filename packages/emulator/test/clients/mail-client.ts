import { createTransport } from 'nodemailer'
import type { MailgunEmulator } from '../../src/index.ts'

export type MailClient = ReturnType<typeof openMailClient>

/** nodemailer with one connection kept open, verifying the emulator's certificate. */
export function openMailClient({ transport }: Pick<MailgunEmulator, 'transport'>) {
  return createTransport({ ...transport, pool: true, maxConnections: 1 })
}
