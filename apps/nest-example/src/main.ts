import 'reflect-metadata'
import { createMailgunEmulator } from '@mailgun-smtp/emulator'
import { NestFactory } from '@nestjs/core'
import { AppModule } from './app.module.ts'

// With MAILGUN_SMTP_URL it sends through Mailgun; without, to an emulator that ends with this process.
const emulator = process.env['MAILGUN_SMTP_URL'] ? undefined : await createMailgunEmulator()
const redisUrl = process.env['REDIS_URL'] || undefined
const app = await NestFactory.create(AppModule.forRoot({ mail: emulator?.transport, redisUrl }))
app.enableShutdownHooks([], { useProcessExit: true })
await app.listen(Number(process.env['PORT'] ?? 3000), '127.0.0.1')
console.log(`Library: ${await app.getUrl()}`)
if (emulator) console.log(`Inbox: ${emulator.httpUrl}`)
console.log(
  redisUrl
    ? `Queue: ${new URL(redisUrl).host}`
    : 'Queue: none. Without REDIS_URL reminders are sent at once.',
)
