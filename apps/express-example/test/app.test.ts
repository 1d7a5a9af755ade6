import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createMailgunEmulator } from '@mailgun-smtp/emulator'
import { expect, test } from 'vitest'
import { createApp } from '../src/app.ts'

const subscribe = (url: string, name: string, email: unknown = 'ada@example.net') =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name, email }),
  })

test('a reader gets their welcome, the desk a word of it, and a refused address an answer', async () => {
  await using emulator = await createMailgunEmulator({ httpPort: false })
  const { app, mail } = createApp({ ...emulator.transport, retry: false })
  const server = mail.attach(app.listen(0, '127.0.0.1'))
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/readers`

  const joined = await subscribe(url, 'Ada & Bo')
  const welcome = await emulator.waitFor({ to: 'ada@example.net', tag: 'welcome' })
  const word = await emulator.waitFor({ to: 'desk@example.com' })
  emulator.faults.always({ at: 'rcpt', reply: [550, 'No such user'] })
  const refused = await subscribe(url, 'Nobody')
  await new Promise((resolve) => server.close(resolve))
  await mail.close()

  expect(joined.status).toBe(201)
  const { html, text } = await welcome.load()
  expect(html).toContain('<h1>Welcome, Ada &amp; Bo</h1>\n<p>You read with The Readers now.</p>')
  expect(text).toContain('Welcome, Ada & Bo\n\nYou read with The Readers now.')
  expect(welcome.submission.options).toEqual({ tags: ['readers', 'welcome'], track: false })
  expect(word.subject).toBe('Somebody joined')
  expect(refused.status).toBe(422)
  expect(emulator.messages).toHaveLength(2)
})

test.each([
  'nobody',
  'ada@example.net, eve@example.net',
  ['ada@example.net', 'eve@example.net'],
  { address: 'eve@example.net' },
  null,
])('no mail leaves for %j, which is not one address', async (email) => {
  await using emulator = await createMailgunEmulator({ httpPort: false })
  const { app, mail } = createApp({ ...emulator.transport, retry: false })
  const server = mail.attach(app.listen(0, '127.0.0.1'))
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/readers`

  const { status } = await subscribe(url, 'Eve', email)
  await new Promise((resolve) => server.close(resolve))
  await mail.close()

  expect(status).toBe(400)
  expect(emulator.submissions).toEqual([])
})

test('it runs, and ends on SIGTERM', async () => {
  const { MAILGUN_SMTP_URL: _, ...env } = process.env
  const main = spawn(process.execPath, [join(import.meta.dirname, '../dist/main.js')], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...env, PORT: '0' },
  })
  const exited = once(main, 'exit')
  const [line] = (await once(main.stdout, 'data')) as [Buffer]
  const url = /http:\S+/.exec(String(line))?.[0] ?? ''

  const joined = await subscribe(url, 'Ada')
  main.kill('SIGTERM')

  expect(joined.status).toBe(201)
  expect(await exited).toEqual([0, null])
})
