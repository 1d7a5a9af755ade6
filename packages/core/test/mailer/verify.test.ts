import { describe, expect, test } from 'vitest'
import { createMailer, InvalidOptionError } from '../../src/index.ts'
import { ScriptedServer } from '../scripted-server/scripted-server.ts'

const silence = { silence: true } as const

describe.each([false, true])('verify, with pool: %s', (pool) => {
  test('ends when its timeout passes, and closes the connection', async () => {
    await using server = await ScriptedServer.open({ script: { auth: silence } })
    await using mailer = createMailer({ ...server.config, pool })

    await expect(mailer.verify({ timeout: 150 })).rejects.toMatchObject({
      outcome: 'deferred',
      code: 'ERR_MAILGUN_TIMEOUT',
      retryable: true,
    })
    await server.deserted()
  })

  test('ends when its signal aborts, and closes the connection', async () => {
    await using server = await ScriptedServer.open({ script: { auth: silence } })
    await using mailer = createMailer({ ...server.config, pool })
    const controller = new AbortController()

    const verifying = mailer.verify({ signal: controller.signal })
    void server.heard(/^AUTH/).then(() => controller.abort())

    await expect(verifying).rejects.toMatchObject({
      outcome: 'deferred',
      code: 'ERR_MAILGUN_ABORTED',
    })
    await server.deserted()
  })
})

test('verify with an aborted signal opens no connection', async () => {
  await using server = await ScriptedServer.open()
  await using mailer = createMailer(server.config)

  await expect(mailer.verify({ signal: AbortSignal.abort() })).rejects.toMatchObject({
    code: 'ERR_MAILGUN_ABORTED',
  })
  expect(server.sessions).toBe(0)
})

test('verify in time succeeds, and leaves nothing behind on the signal', async () => {
  await using server = await ScriptedServer.open()
  await using mailer = createMailer(server.config)
  const controller = new AbortController()

  await expect(mailer.verify({ timeout: 60_000, signal: controller.signal })).resolves.toBe(true)
  controller.abort()
  await expect(mailer.verify()).resolves.toBe(true)
})

test.each([{ timeout: 0 }, { timeout: 2 ** 31 }, { timeout: '1s' }, { signal: {} }])(
  'verify refuses %j',
  async (settings) => {
    await using server = await ScriptedServer.open()
    await using mailer = createMailer(server.config)

    await expect(mailer.verify(settings as object)).rejects.toThrow(InvalidOptionError)
  },
)
