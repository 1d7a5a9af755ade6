import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { createMailgunEmulator } from '@mailgun-smtp/emulator'
import { expect, test } from 'vitest'
import { root } from '../workspace.ts'
import { findRedis } from './server/find-redis.ts'
import { RedisServer } from './server/redis-server.ts'

const redis = findRedis()
if (redis.absence !== undefined)
  console.warn(`The queue of the example is skipped: ${redis.absence}.`)

const post = (url: string, body: object): Promise<Response> =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })

test.skipIf(redis.path === undefined)(
  'the example sends its reminders over a queue, on a real server',
  async () => {
    if (redis.path === undefined) return
    await using server = await RedisServer.start(redis)
    await using emulator = await createMailgunEmulator({ httpPort: false, securePort: false })
    const { user, pass } = emulator.credentials
    const login = `${encodeURIComponent(user)}:${encodeURIComponent(pass)}`
    const main = spawn(process.execPath, [`${root}apps/nest-example/dist/main.js`], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        ...process.env,
        PORT: '0',
        REDIS_URL: server.url,
        MAILGUN_SMTP_URL: `smtp://${login}@${emulator.host}:${emulator.port}?requireTLS=false`,
      },
    })
    const exited = once(main, 'exit')
    const lines: string[] = []
    for await (const line of createInterface(main.stdout)) {
      lines.push(line)
      if (line.startsWith('Queue:')) break
    }
    const url = /^Library: (http:\S+)/m.exec(lines.join('\n'))?.[1] ?? ''

    await post(`${url}/loans`, { member: 'ada', book: 'Emma', days: 1 })
    const reminded = await post(`${url}/reminders`, {})
    const reminder = await emulator.waitFor({ tag: 'reminder' }, { timeout: 20_000 })
    main.stdout.resume()
    main.kill('SIGTERM')

    expect(lines.at(-1)).toBe(`Queue: ${new URL(server.url).host}`)
    expect(await reminded.json()).toEqual({ reminders: 1 })
    expect(reminder.submission.options).toEqual({ tags: ['reminder'], track: false })
    expect(await exited).toEqual([0, null])
  },
)
