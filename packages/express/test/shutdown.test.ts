import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createMailgunEmulator } from '@mailgun-smtp/emulator'
import { expect, test } from 'vitest'

test('a mail queued before SIGTERM arrives, and the process ends by itself', async () => {
  await using emulator = await createMailgunEmulator({ httpPort: false })
  const app = spawn(process.execPath, [join(import.meta.dirname, 'app/terminated-app.mjs')], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, MAIL_TRANSPORT: JSON.stringify(emulator.transport) },
  })
  const exited = once(app, 'exit')
  const [address] = (await once(app.stdout, 'data')) as [Buffer]

  const answer = await (await fetch(String(address).trim())).text()
  app.kill('SIGTERM')
  const [code, signal] = (await exited) as [number | null, string | null]

  expect(answer).toBe('answered')
  expect({ code, signal }).toEqual({ code: 0, signal: null })
  expect(emulator.messages.map(({ subject }) => subject)).toEqual(['Made after SIGTERM'])
})
