import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { ConfigError, createMailer } from '../../src/index.ts'
import { auth, ScriptedServer } from '../scripted-server/scripted-server.ts'
import { letter } from '../wire/wire.ts'

describe.each([false, true])('pool: %s', (pool) => {
  test('closing accepts no more messages, waits for those in progress, defers those that wait, and leaves no connection', async () => {
    await using server = await ScriptedServer.open()
    const mailer = createMailer({ ...server.config, pool, maxConnections: 2 })
    const order: string[] = []
    await mailer.send(letter)

    const sending = [1, 2].map(() => mailer.send(letter).then(() => order.push('sent')))
    const waiting = Array.from({ length: 20 }, () => mailer.send(letter))
    const results = Promise.allSettled(waiting)
    const closing = mailer.close().then(() => order.push('closed'))

    await expect(mailer.send(letter)).rejects.toMatchObject({
      name: 'ConfigError',
      code: 'ERR_MAILGUN_CLOSED',
    })
    for (const result of await results) {
      expect(result).toMatchObject({
        status: 'rejected',
        reason: { code: 'ERR_MAILGUN_SHUTDOWN', outcome: 'deferred', retryable: true },
      })
    }
    await Promise.all([...sending, closing])
    await server.deserted()

    expect(order).toEqual(['sent', 'sent', 'closed'])
    expect(server.bodies).toHaveLength(3)
  })

  test('what waits to be tried again is given back at once', async () => {
    await using server = await ScriptedServer.open({ script: { mail: '451 Later' } })
    const mailer = createMailer({ ...server.config, pool, retry: { baseDelay: 20_000 } })

    const sending = mailer.send(letter)
    void server.heard(/^MAIL/).then(() => setImmediate(() => void mailer.close()))

    await expect(sending).rejects.toMatchObject({ outcome: 'deferred', attempts: 1 })
  })

  test.each([
    ['data', 'deferred', 'ERR_MAILGUN_SHUTDOWN'],
    ['dot', 'unknown', 'ERR_MAILGUN_SHUTDOWN'],
  ] as const)(
    'what is silent at %s is ended when the time to close is over: %s',
    async (moment, outcome, code) => {
      await using server = await ScriptedServer.open({ script: { [moment]: { silence: true } } })
      const mailer = createMailer({ ...server.config, pool })

      const sending = Promise.allSettled([mailer.send(letter)])
      await server.heard(moment === 'dot' ? /^\.$/ : /^DATA/)
      await mailer.close({ timeout: 10 })
      expect(await sending).toMatchObject([{ reason: { outcome, code } }])
      await server.deserted()
    },
  )

  test('the time to close can still be given by its old name, within', async () => {
    await using server = await ScriptedServer.open({ script: { data: { silence: true } } })
    const mailer = createMailer({ ...server.config, pool })

    const sending = Promise.allSettled([mailer.send(letter)])
    await server.heard(/^DATA/)
    await mailer.close({ within: 10 })

    expect(await sending).toMatchObject([{ reason: { code: 'ERR_MAILGUN_SHUTDOWN' } }])
  })

  test('a program whose mailer is idle ends by itself, closed or not', async () => {
    await using server = await ScriptedServer.open()
    const program = `
      const { createMailer } = await import(process.env.DOOR)
      const mailer = createMailer(JSON.parse(process.env.CONFIG))
      for (const _ of [1, 2, 3]) await mailer.send({ from: 'a@b.test', to: 'c@d.test', text: 'Hi' })
      console.log('sent')`

    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--input-type=module', '--eval', program],
      {
        env: {
          ...process.env,
          DOOR: new URL('../../dist/index.js', import.meta.url).href,
          CONFIG: JSON.stringify({ ...server.config, pool }),
        },
        timeout: 20_000,
      },
    )

    expect(stdout).toBe('sent\n')
    expect(server.bodies).toHaveLength(3)
  })

  test('closing waits for a send that fails, too', async () => {
    await using server = await ScriptedServer.open({ script: { dot: '554 No' } })
    const mailer = createMailer({ ...server.config, pool })
    const order: string[] = []

    const sending = mailer.send(letter).catch(() => order.push('failed'))
    await mailer.close().then(() => order.push('closed'))
    await sending

    expect(order).toEqual(['failed', 'closed'])
  })

  test('a program that sends and closes ends by itself', async () => {
    await using server = await ScriptedServer.open()
    const program = `
      const { createMailer } = await import(process.env.DOOR)
      const config = JSON.parse(process.env.CONFIG)
      const mailer = createMailer(config)
      await mailer.verify()
      await Promise.all([1, 2, 3].map(() => mailer.send({ from: 'a@b.test', to: 'c@d.test', text: 'Hi' })))
      await mailer.close()
      console.log('closed')`

    const { stdout, stderr } = await promisify(execFile)(
      process.execPath,
      ['--input-type=module', '--eval', program],
      {
        env: {
          ...process.env,
          DOOR: new URL('../../dist/index.js', import.meta.url).href,
          CONFIG: JSON.stringify({ ...server.config, pool }),
        },
        timeout: 20_000,
      },
    )

    expect(stdout).toBe('closed\n')
    expect(stderr).toBe('')
    expect(server.bodies).toHaveLength(3)
  })
})

test('closing leaves no kept connection whose last message was refused', async () => {
  await using server = await ScriptedServer.open({
    script: { dot: '550 No' },
  })
  const mailer = createMailer({ ...server.config, pool: true })
  await expect(mailer.send(letter)).rejects.toMatchObject({ outcome: 'rejected' })

  await mailer.close()
  await server.deserted()

  expect(server.sessions).toBe(1)
})

test('a second close does nothing, and closing one mailer closes all that share its connection', async () => {
  await using server = await ScriptedServer.open()
  const mailer = createMailer(server.config)
  const derived = mailer.with({ tags: ['a'] })

  expect(derived.close()).toBe(mailer.close())
  await mailer.close()

  await expect(mailer.send(letter)).rejects.toThrow(ConfigError)
  await expect(mailer.verify()).rejects.toThrow('The mailer is closed')
  await expect(derived.with({}).send(letter)).rejects.toThrow('The mailer is closed')
  expect(server.sessions).toBe(0)
})

test('a mailer that never sent closes without a config', async () => {
  await expect(createMailer().close()).resolves.toBeUndefined()
})

test('the end of a block closes its mailer', async () => {
  await using server = await ScriptedServer.open()
  let left
  {
    await using mailer = createMailer({ ...server.config, pool: true })
    left = mailer
    await mailer.send(letter)
  }

  await server.deserted()
  await expect(left.send(letter)).rejects.toThrow('The mailer is closed')
})

test('nothing is opened before the first send', async () => {
  await using server = await ScriptedServer.open()
  await using mailer = createMailer({ ...server.config, auth, pool: true })

  mailer.with({ track: true }).withDefaults({})

  expect(server.sessions).toBe(0)
})
