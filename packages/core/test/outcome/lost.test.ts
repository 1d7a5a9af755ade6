import { describe, expect, test } from 'vitest'
import { createMailer, type DeliveryError } from '../../src/index.ts'
import { failedSend, verdict, ways } from '../scripted-server/failed-send.ts'
import { ScriptedServer } from '../scripted-server/scripted-server.ts'
import { letter } from '../wire/wire.ts'

const lost = {
  outcome: 'deferred',
  fault: 'connection',
  retryable: true,
  code: 'ERR_MAILGUN_CONNECTION',
}

const unknown = {
  outcome: 'unknown',
  fault: 'connection',
  retryable: false,
  code: 'ERR_MAILGUN_UNKNOWN_OUTCOME',
}

const bulky = { ...letter, attachments: [{ filename: 'a.bin', content: Buffer.alloc(15_000_000) }] }

describe.each(ways)('pool: $pool, pipelining: $pipelining', ({ pool, pipelining }) => {
  test.each(['ehlo', 'auth', 'mail', 'rcpt', 'data'] as const)(
    'a connection that ends at %s took nothing, and may be tried again',
    async (moment) => {
      for (const drop of ['end', 'reset'] as const) {
        const { error, server } = await failedSend(
          { script: { [moment]: { drop } }, pipelining },
          { pool },
        )

        expect(verdict(error)).toEqual(lost)
        expect(error.cure).toContain('safe to send again')
        expect(server.bodies).toEqual([])
      }
    },
  )

  test('a connection that ends within the body took nothing', async () => {
    const { error, server } = await failedSend({ dropInBody: 100_000, pipelining }, { pool }, bulky)

    expect(verdict(error)).toEqual(lost)
    expect(server.bodies).toEqual([])
    expect(server.unfinished).toHaveLength(1)
  })

  test.each([
    ['nothing', {}],
    ['half a reply', { after: '250-ok\r\n250 qu' }],
    ['a reply without its end', { after: '250 Great success' }],
    ['half a refusal', { after: '55' }],
  ])(
    'a connection that ends after the dot with %s: the outcome is unknown',
    async (_name, answer) => {
      for (const drop of ['end', 'reset'] as const) {
        const { error, server } = await failedSend(
          { script: { dot: { ...answer, drop } }, pipelining },
          { pool },
        )

        expect(verdict(error)).toEqual(unknown)
        expect(error.cure).toContain('Message-ID')
        expect(error.messageId).toMatch(/^<.+@example\.com>$/)
        expect(error.reply).toBeUndefined()
        expect(server.bodies).toHaveLength(1)
        expect(server.sessions).toBe(1)
      }
    },
  )

  test('a refusal that lacks its line end is no reply: you cannot tell', async () => {
    const { error } = await failedSend(
      { script: { dot: { after: '451 Try again later', drop: 'end' } }, pipelining },
      { pool },
    )

    expect(error).toMatchObject({ outcome: 'unknown' })
    expect(error.reply).toBeUndefined()
  })
})

test.each([false, true])('a server that never greets took nothing (pool: %s)', async (pool) => {
  const { error, server } = await failedSend({ script: { greeting: { drop: 'end' } } }, { pool })

  expect(verdict(error)).toEqual(lost)
  expect(server.lines).toEqual([])
})

test('a port without a server, and a host without an address', async () => {
  const server = await ScriptedServer.open()
  const { config } = server
  await server[Symbol.asyncDispose]()

  for (const [host, cure] of [
    ['127.0.0.1', 'try port 2525 or 465'],
    ['no-such-host.invalid', 'has DNS'],
  ] as const) {
    const { requireTLS: _plaintext, ...rest } = config
    await using mailer = createMailer({ ...rest, host })
    const error = (await mailer.send(letter).catch((reason: unknown) => reason)) as DeliveryError

    expect(verdict(error)).toEqual(lost)
    expect(error.cure).toContain(cure)
  }
})

test('a reused connection that ends at the second dot is not sent again', async () => {
  await using server = await ScriptedServer.open({
    script: { dot: (_line, time) => (time === 2 ? { drop: 'end' } : undefined) },
  })
  await using mailer = createMailer({ ...server.config, pool: true, maxConnections: 1 })

  await mailer.send(letter)

  await expect(mailer.send(letter)).rejects.toMatchObject(unknown)
  expect(server.bodies).toHaveLength(2)
})

test('a connection the server ended while it was idle costs nothing', async () => {
  await using server = await ScriptedServer.open({
    script: { mail: (_line, time) => (time === 2 ? { drop: 'end' } : undefined) },
  })
  await using mailer = createMailer({ ...server.config, pool: true, maxConnections: 1 })

  await mailer.send(letter)
  await mailer.send(letter)

  expect(server.bodies).toHaveLength(2)
  expect(server.sessions).toBe(2)
})

describe('a send that is aborted', () => {
  const aborted = { fault: 'connection', code: 'ERR_MAILGUN_ABORTED' }

  test.each([false, true])('before it began took nothing (pool: %s)', async (pool) => {
    await using server = await ScriptedServer.open()
    await using mailer = createMailer({ ...server.config, pool })

    await expect(mailer.send(letter, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      ...aborted,
      outcome: 'deferred',
      retryable: true,
    })
    expect(server.lines).toEqual([])
  })

  test.each([false, true])('while the server is silent took nothing (pool: %s)', async (pool) => {
    await using server = await ScriptedServer.open({ script: { rcpt: { silence: true } } })
    await using mailer = createMailer({ ...server.config, pool })
    const controller = new AbortController()

    const sending = mailer.send(letter, { signal: controller.signal })
    void server.heard(/^RCPT/).then(() => controller.abort())

    await expect(sending).rejects.toMatchObject({
      ...aborted,
      outcome: 'deferred',
      retryable: true,
    })
  })

  test.each([false, true])('after the dot: the outcome is unknown (pool: %s)', async (pool) => {
    await using server = await ScriptedServer.open({ script: { dot: { silence: true } } })
    await using mailer = createMailer({ ...server.config, pool })
    const controller = new AbortController()

    const sending = mailer.send(letter, { signal: controller.signal })
    void server.heard(/^\.$/).then(() => controller.abort())

    await expect(sending).rejects.toMatchObject({
      ...aborted,
      outcome: 'unknown',
      retryable: false,
    })
  })

  test('with something that is not a signal is refused as the message', async () => {
    await using server = await ScriptedServer.open()
    await using mailer = createMailer(server.config)
    const signal = { aborted: false } as AbortSignal

    await expect(mailer.send(letter, { signal })).rejects.toThrow('signal must be an AbortSignal')
    expect(server.sessions).toBe(0)
  })
})
