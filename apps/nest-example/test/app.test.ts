import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { createMailgunEmulator, type MailgunEmulator } from '@mailgun-smtp/emulator'
import { MailgunService } from '@mailgun-smtp/nestjs'
import type { INestApplication } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { SchedulerRegistry } from '@nestjs/schedule'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { AppModule } from '../src/app.module.ts'

let emulator: MailgunEmulator
let app: INestApplication

beforeEach(async () => {
  emulator = await createMailgunEmulator({ httpPort: false, securePort: false })
  const mail = { ...emulator.transport, retry: false } as const
  app = await NestFactory.create(AppModule.forRoot({ mail }), {
    logger: false,
    forceCloseConnections: true,
  })
  await app.listen(0, '127.0.0.1')
})
afterEach(async () => {
  await app.close()
  await emulator.close()
})

const post = (url: string, body: object = {}): Promise<Response> =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })

test('a loan is confirmed by its event, with the options of the request', async () => {
  const lent = await post(`${await app.getUrl()}/loans`, { member: 'ada', book: 'Emma' })

  const receipt = await emulator.waitFor(
    { to: 'ada@example.com', tag: 'receipt' },
    { timeout: 20_000 },
  )
  expect(lent.status).toBe(201)
  expect(receipt.subject).toBe('You borrowed Emma')
  expect(receipt.submission.options).toEqual({
    tags: ['library', 'receipt'],
    variables: { book: 'Emma' },
  })
})

test('the clock reminds of what is due, once', async () => {
  const url = await app.getUrl()
  await post(`${url}/loans`, { member: 'ada', book: 'Emma', days: 1 })
  await post(`${url}/loans`, { member: 'bo', book: 'Persuasion', days: 21 })

  await app.get(SchedulerRegistry).getCronJob('reminders').fireOnTick()
  const reminder = await emulator.waitFor({ tag: 'reminder' }, { timeout: 20_000 })
  const again = await post(`${url}/reminders`)

  expect(reminder.subject).toBe('Please bring back Emma')
  expect(reminder.submission.options).toEqual({ tags: ['reminder'], track: false })
  expect(await again.json()).toEqual({ reminders: 0 })
})

test('a reminder that fails is sent the next time, and two at once are one', async () => {
  const url = await app.getUrl()
  await post(`${url}/loans`, { member: 'ada', book: 'Emma', days: 1 })
  await emulator.waitFor({ tag: 'receipt' }, { timeout: 20_000 })
  emulator.faults.next({ at: 'rcpt', reply: [451, 'Later'] })

  const failed = await post(`${url}/reminders`)
  const answers = await Promise.all([post(`${url}/reminders`), post(`${url}/reminders`)])

  expect(failed.status).toBe(500)
  expect(answers.map(({ status }) => status)).toEqual([201, 201])
  const reminders = emulator.submissions.filter(({ subject }) => subject?.startsWith('Please'))
  expect(reminders).toHaveLength(1)
})

test('a request cannot add a recipient', async () => {
  const url = await app.getUrl()

  const stranger = await post(`${url}/loans`, { member: 'eve@example.net', book: 'Emma' })
  const nothing = await post(`${url}/loans`, { member: 'ada' })

  expect([stranger.status, nothing.status]).toEqual([404, 400])
  await app.close()
  expect(emulator.submissions).toEqual([])
  await expect(app.get(MailgunService).verify()).rejects.toThrow(/closed/)
})

test('it runs, says where the queue is, and ends on SIGTERM', async () => {
  const { MAILGUN_SMTP_URL: _url, REDIS_URL: _redis, ...env } = process.env
  const main = spawn(process.execPath, [join(import.meta.dirname, '../dist/main.js')], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...env, PORT: '0' },
  })
  const exited = once(main, 'exit')
  const lines: string[] = []
  for await (const line of createInterface(main.stdout)) {
    lines.push(line)
    if (line.startsWith('Queue:')) break
  }
  const url = /^Library: (http:\S+)/m.exec(lines.join('\n'))?.[1] ?? ''

  const lent = await post(`${url}/loans`, { member: 'ada', book: 'Emma' })
  main.stdout.resume()
  main.kill('SIGTERM')

  expect(lent.status).toBe(201)
  expect(lines.at(-1)).toMatch(/^Queue: none\. Without REDIS_URL/)
  expect(await exited).toEqual([0, null])
})
