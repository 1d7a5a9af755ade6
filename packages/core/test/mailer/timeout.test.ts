import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { describe, expect, test, vi } from 'vitest'
import {
  createMailer,
  InvalidOptionError,
  memoryStore,
  type SendEnd,
  type Store,
} from '../../src/index.ts'
import { ScriptedServer } from '../scripted-server/scripted-server.ts'
import { letter } from '../wire/wire.ts'

const silence = { silence: true } as const
const timeout = 150

describe('the timeout of a send', () => {
  test.each(['greeting', 'auth', 'data'] as const)(
    'ends a send to a server that is silent at %s: nothing was taken',
    async (moment) => {
      await using server = await ScriptedServer.open({ script: { [moment]: silence } })
      await using mailer = createMailer(server.config)

      await expect(mailer.send(letter, { timeout })).rejects.toMatchObject({
        outcome: 'deferred',
        code: 'ERR_MAILGUN_TIMEOUT',
        retryable: true,
        message: expect.stringContaining('within its timeout') as string,
      })
      await server.deserted()
    },
  )

  test('makes the outcome unknown when the whole message was handed over', async () => {
    await using server = await ScriptedServer.open({ script: { dot: silence } })
    await using mailer = createMailer(server.config)

    await expect(mailer.send(letter, { timeout })).rejects.toMatchObject({
      outcome: 'unknown',
      code: 'ERR_MAILGUN_UNKNOWN_OUTCOME',
      retryable: false,
    })
    expect(server.bodies).toHaveLength(1)
  })

  test('counts the pauses between attempts', async () => {
    await using server = await ScriptedServer.open({ script: { data: '451 Try later' } })
    await using mailer = createMailer({
      ...server.config,
      retry: { times: 50, within: 60_000, baseDelay: 40_000 },
    })

    await expect(mailer.send(letter, { timeout })).rejects.toMatchObject({
      outcome: 'deferred',
      code: 'ERR_MAILGUN_TIMEOUT',
    })
  })

  test('counts the wait for a place in the queue', async () => {
    await using server = await ScriptedServer.open({ script: { data: silence } })
    await using mailer = createMailer({ ...server.config, maxConnections: 1 })
    const first = new AbortController()
    const running = mailer.send(letter, { signal: first.signal })
    await server.heard(/^DATA/)

    await expect(mailer.send(letter, { timeout })).rejects.toMatchObject({
      code: 'ERR_MAILGUN_TIMEOUT',
      attempts: 0,
    })

    first.abort()
    await expect(running).rejects.toMatchObject({ code: 'ERR_MAILGUN_ABORTED' })
  })

  test('leaves a send alone that ends in time, and leaves no timer behind', async () => {
    await using server = await ScriptedServer.open()
    await using mailer = createMailer(server.config)
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    try {
      await mailer.send(letter)
      const usual = vi.getTimerCount()

      await expect(mailer.send(letter, { timeout: 60_000 })).resolves.toMatchObject({ attempts: 1 })
      expect(vi.getTimerCount()).toBe(usual)
    } finally {
      vi.useRealTimers()
    }
  })

  test('calls a send whose signal was aborted before it began an aborted one', async () => {
    await using server = await ScriptedServer.open()
    await using mailer = createMailer(server.config)
    const settings = { timeout: 60_000, signal: AbortSignal.abort() }

    await expect(mailer.send(letter, settings)).rejects.toMatchObject({
      code: 'ERR_MAILGUN_ABORTED',
      outcome: 'deferred',
    })
  })

  test("gives way to the caller's signal if that aborts first", async () => {
    await using server = await ScriptedServer.open({ script: { data: silence } })
    await using mailer = createMailer(server.config)
    const controller = new AbortController()

    const sending = mailer.send(letter, { timeout: 60_000, signal: controller.signal })
    void server.heard(/^DATA/).then(() => controller.abort())

    await expect(sending).rejects.toMatchObject({ code: 'ERR_MAILGUN_ABORTED' })
  })

  test('is what observers are told too', async () => {
    const ends: SendEnd[] = []
    const note = (event: unknown): unknown => ends.push(event as SendEnd)
    await using server = await ScriptedServer.open({ script: { data: silence } })
    await using mailer = createMailer(server.config)
    subscribe('mailgun-smtp:send:end', note)
    try {
      const { messageId } = await mailer
        .send(letter, { timeout })
        .then(() => ({ messageId: '' }))
        .catch((error: { messageId: string }) => error)

      expect(ends.filter((end) => end.messageId === messageId)).toMatchObject([
        { outcome: 'deferred', code: 'ERR_MAILGUN_TIMEOUT' },
      ])
    } finally {
      unsubscribe('mailgun-smtp:send:end', note)
    }
  })

  test.each([0, -1, 1.5, Number.NaN, Infinity, 2 ** 31, '1000', null])(
    '%j is refused before anything is sent',
    async (wrong) => {
      await using server = await ScriptedServer.open()
      await using mailer = createMailer(server.config)

      const sending = mailer.send(letter, { timeout: wrong as number })

      await expect(sending).rejects.toThrow(InvalidOptionError)
      await expect(sending).rejects.toThrow('timeout must be a whole number of milliseconds')
      expect(server.sessions).toBe(0)
    },
  )

  test('is refused as a field of the message', async () => {
    await using server = await ScriptedServer.open()
    await using mailer = createMailer(server.config)

    await expect(mailer.send({ ...letter, timeout } as typeof letter)).rejects.toThrow(
      'timeout belongs to the second argument',
    )
  })
})

describe('under an idempotency key', () => {
  /** A memory store whose reservations wait until they are let go. */
  function slowStore(): Store & { letGo(): void } {
    const inner = memoryStore()
    let letGo: () => void = () => undefined
    const held = new Promise<void>((resolve) => (letGo = resolve))
    return {
      letGo,
      async reserve(key, record) {
        await held
        return inner.reserve(key, record)
      },
      update: (key, record) => inner.update(key, record),
      read: (key) => inner.read(key),
    }
  }

  test('the timeout also ends the wait for a slow store, and the key is free afterwards', async () => {
    const store = slowStore()
    await using server = await ScriptedServer.open()
    await using mailer = createMailer({ ...server.config, store })
    const idempotencyKey = 'order-7'

    await expect(mailer.send(letter, { idempotencyKey, timeout })).rejects.toMatchObject({
      outcome: 'unknown',
      code: 'ERR_MAILGUN_IN_FLIGHT',
      attempts: 0,
    })
    store.letGo()
    const receipt = await retried(() => mailer.send(letter, { idempotencyKey }))

    expect(receipt).toMatchObject({ attempts: 1 })
    expect(server.bodies).toHaveLength(1)
  })

  test('a call that waits for another with its key can be aborted; the other goes on', async () => {
    await using server = await ScriptedServer.open({ script: { data: silence } })
    await using mailer = createMailer(server.config)
    const idempotencyKey = 'order-8'
    const first = new AbortController()
    const sending = mailer.send(letter, { idempotencyKey, signal: first.signal })
    await server.heard(/^DATA/)
    await expect(mailer.send(letter, { idempotencyKey, timeout })).rejects.toMatchObject({
      outcome: 'unknown',
      code: 'ERR_MAILGUN_IN_FLIGHT',
      message: expect.stringContaining('it sent nothing') as string,
    })
    const second = AbortSignal.abort()
    await expect(mailer.send(letter, { idempotencyKey, signal: second })).rejects.toMatchObject({
      code: 'ERR_MAILGUN_IN_FLIGHT',
    })
    expect(server.sessions).toBe(1)

    first.abort()
    await expect(sending).rejects.toMatchObject({ code: 'ERR_MAILGUN_ABORTED' })
  })
})

/** The result, once what still ends in the background lets it through. */
async function retried<Result>(send: () => Promise<Result>): Promise<Result> {
  for (let left = 20; ; left -= 1) {
    try {
      return await send()
    } catch (error) {
      if (left === 0) throw error
    }
  }
}
