import { describe, expect, test } from 'vitest'
import { createMailer, DeliveryError, memoryStore, type Receipt } from '../../src/index.ts'
import { ScriptedServer } from '../scripted-server/scripted-server.ts'
import type { Answer, Script } from '../scripted-server/scripted-session.ts'
import { letter } from '../wire/wire.ts'

const ada = 'ada@example.net'
const bob = 'bob@example.net'
const soon = { baseDelay: 1, times: 1 } as const

/** What the server answers to RCPT of one recipient, time after time; and to each final dot. */
function playing(
  rcpt: Readonly<Record<string, readonly string[]>>,
  dots: readonly Answer[] = [],
): Script {
  const times = new Map<string, number>()
  return {
    rcpt(line) {
      const name = Object.keys(rcpt).find((one) => line.includes(one))
      if (name === undefined) return undefined
      const time = times.get(name) ?? 0
      times.set(name, time + 1)
      return rcpt[name]?.[time]
    },
    dot: (_line, time) => dots[time - 1],
  }
}

type Ended = Receipt | DeliveryError

async function ended(sending: Promise<Receipt>): Promise<Ended> {
  return sending.catch((error: unknown) => {
    if (error instanceof DeliveryError) return error
    throw error
  })
}

function outcomesOf({ recipients }: Ended): Record<string, string> {
  return Object.fromEntries(recipients.map(({ address, outcome }) => [address, outcome]))
}

const lost = { drop: 'end' } as const

describe.each([false, true])('pool: %s', (pool) => {
  test('a recipient that was deferred, then handed over without a reply, is unknown everywhere', async () => {
    await using server = await ScriptedServer.open({
      script: playing({ ada: ['450 Busy'] }, [lost]),
    })
    await using mailer = createMailer({ ...server.config, pool, retry: soon })

    const error = await ended(mailer.send({ ...letter, to: ada }))

    expect(error).toMatchObject({ outcome: 'unknown', attempts: 2 })
    expect(outcomesOf(error)).toEqual({ [ada]: 'unknown' })
    expect(error.refused).toMatchObject([{ address: ada, outcome: 'unknown' }])
  })

  test('of two, one refused for good and one at the second try, both are rejected', async () => {
    await using server = await ScriptedServer.open({
      script: playing({ ada: ['550 No'], bob: ['450 Busy'] }, ['550 No']),
    })
    await using mailer = createMailer({ ...server.config, pool, retry: soon })

    const error = await ended(mailer.send({ ...letter, to: [ada, bob] }))

    expect(error).toMatchObject({ outcome: 'rejected', attempts: 2 })
    expect(outcomesOf(error)).toEqual({ [ada]: 'rejected', [bob]: 'rejected' })
  })

  test('each error of a login that was refused has its own Message-ID and recipients', async () => {
    await using server = await ScriptedServer.open({ script: { auth: '535 No' } })
    await using mailer = createMailer({ ...server.config, pool, retry: soon })

    for (const [messageId, to] of [
      ['<1@example.com>', ada],
      ['<2@example.com>', bob],
      ['<3@example.com>', ada],
    ] as const) {
      const error = await ended(mailer.send({ ...letter, to, messageId }))
      expect(error).toMatchObject({ code: 'ERR_MAILGUN_AUTH', messageId })
      expect(outcomesOf(error)).toEqual({ [to]: 'deferred' })
    }
    expect(server.commands('AUTH')).toHaveLength(1)
  })

  test('with a key, what one of two was deferred at every try is sent later, to that one alone', async () => {
    const store = memoryStore()
    await using server = await ScriptedServer.open({
      script: playing({ bob: ['450 Busy', '450 Busy'] }),
    })
    await using mailer = createMailer({ ...server.config, pool, retry: soon, store })
    const message = { ...letter, to: [ada, bob] }

    const first = await mailer.send(message, { idempotencyKey: 'order-1' })
    const second = await mailer.send(message, { idempotencyKey: 'order-1' })
    const third = await mailer.send(message, { idempotencyKey: 'order-1' })

    expect(outcomesOf(first)).toEqual({ [ada]: 'accepted', [bob]: 'deferred' })
    expect(outcomesOf(second)).toEqual({ [ada]: 'accepted', [bob]: 'accepted' })
    expect(second).toMatchObject({ messageId: first.messageId, accepted: [ada, bob], refused: [] })
    expect(outcomesOf(third)).toEqual(outcomesOf(second))
    expect(server.commands('RCPT').filter((line) => line.includes(ada))).toHaveLength(1)
    expect(server.bodies).toHaveLength(2)
  })

  test('one of many that was handed over without a reply is settled, by key or Message-ID', async () => {
    for (const by of ['key', 'messageId', 'bare messageId', 'recipient'] as const) {
      await using server = await ScriptedServer.open({
        script: playing({ bob: ['450 Busy'] }, ['250 Great success', lost]),
      })
      await using mailer = createMailer({ ...server.config, pool, retry: soon })
      const message = { ...letter, to: [ada, bob] }
      const receipt = await mailer.send(message, { idempotencyKey: 'order-1' })
      expect(outcomesOf(receipt)).toEqual({ [ada]: 'accepted', [bob]: 'unknown' })
      const { messageId } = receipt
      const names = {
        key: 'order-1',
        messageId,
        'bare messageId': messageId.slice(1, -1),
        recipient: messageId,
      }

      await mailer.settle(
        names[by],
        'rejected',
        by === 'recipient' ? { recipient: 'bob@EXAMPLE.net' } : {},
      )
      await mailer.settle(names[by], 'rejected', by === 'recipient' ? { recipient: bob } : {})

      const again = await mailer.send(message, { idempotencyKey: 'order-1' })
      expect(outcomesOf(again)).toEqual({ [ada]: 'accepted', [bob]: 'rejected' })
      await expect(mailer.settle('order-1', 'rejected', { recipient: ada })).rejects.toThrow(
        /outcome is known/,
      )
      await expect(
        mailer.settle('order-1', 'accepted', { recipient: 'eve@example.net' }),
      ).rejects.toMatchObject({
        path: 'recipient',
      })
      expect(server.bodies).toHaveLength(2)
    }
  })
})

test('a store without find settles by the key, and says what a Message-ID needs', async () => {
  const { find: _absent, ...store } = wrapped(memoryStore())
  await using server = await ScriptedServer.open({ script: { dot: lost } })
  await using mailer = createMailer({ ...server.config, retry: false, store })
  const error = await ended(mailer.send(letter, { idempotencyKey: 'order-1' }))

  await expect(mailer.settle(error.messageId ?? '', 'accepted')).rejects.toThrow(
    /find\(messageId\)/,
  )
  await mailer.settle('order-1', 'accepted')

  await expect(mailer.send(letter, { idempotencyKey: 'order-1' })).resolves.toMatchObject({
    accepted: [ada],
  })
})

test('two processes continue one send at once: only one of them sends', async () => {
  const store = memoryStore()
  await using server = await ScriptedServer.open({ script: playing({ bob: ['450 Busy'] }) })
  await using one = createMailer({ ...server.config, retry: false, store })
  await using two = createMailer({ ...server.config, retry: false, store: wrapped(store) })
  const message = { ...letter, to: [ada, bob] }
  await one.send(message, { idempotencyKey: 'order-1' })

  const results = await Promise.all([
    ended(one.send(message, { idempotencyKey: 'order-1' })),
    ended(two.send(message, { idempotencyKey: 'order-1' })),
  ])

  expect(results.filter((result) => result instanceof DeliveryError)).toMatchObject([
    { code: 'ERR_MAILGUN_IN_FLIGHT' },
  ])
  expect(server.bodies).toHaveLength(2)
  expect(outcomesOf(await ended(two.send(message, { idempotencyKey: 'order-1' })))).toEqual({
    [ada]: 'accepted',
    [bob]: 'accepted',
  })
})

function wrapped(store: ReturnType<typeof memoryStore>): ReturnType<typeof memoryStore> {
  return {
    reserve: (key, record) => store.reserve(key, record),
    update: (key, record) => store.update(key, record),
    read: (key) => store.read(key),
    find: (messageId) => store.find(messageId),
  }
}
