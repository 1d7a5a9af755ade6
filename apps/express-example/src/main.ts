import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createMailgunEmulator } from '@mailgun-smtp/emulator'
import { createApp } from './app.ts'

// With MAILGUN_SMTP_URL it sends through Mailgun; without, to an emulator of its own.
const emulator = process.env['MAILGUN_SMTP_URL'] ? undefined : await createMailgunEmulator()
const { app, mail } = createApp(emulator?.transport)
const server = mail.attach(app.listen(Number(process.env['PORT'] ?? 3000), '127.0.0.1'))
await once(server, 'listening')
console.log(`Readers: http://127.0.0.1:${(server.address() as AddressInfo).port}/readers`)
if (emulator) console.log(`Inbox: ${emulator.httpUrl}`)

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    server.close(() => void mail.close().then(() => emulator?.close()))
  })
}
