import { randomUUID } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createMailer, type Receipt, type Store, type StoredSend } from '@mailgun-smtp/core'
import { createMailgunEmulator } from '@mailgun-smtp/emulator'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { root } from '../workspace.ts'
import { findRedis } from './server/find-redis.ts'
import { RedisServer } from './server/redis-server.ts'

const redis = findRedis()
if (redis.absence !== undefined) console.warn(`Redis tests are skipped: ${redis.absence}.`)

// Inside the tests' folder, so that the guide's block finds the packages as these tests do.
const folder = `${root}tests/.redis-store`

afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The store of the guide, as it is printed there. */
async function guideStore(url: string): Promise<Store & AsyncDisposable> {
  const guide = readFileSync(`${root}docs/guides/idempotency.md`, 'utf8')
  const code = /^`redis-store\.ts`\n\n```ts\n([\s\S]*?)^```$/m.exec(guide)?.[1] ?? ''
  mkdirSync(folder, { recursive: true })
  writeFileSync(`${folder}/redis-store.ts`, code)
  const module = (await import(`${folder}/redis-store.ts`)) as {
    redisStore(url: string): Promise<Store & AsyncDisposable>
  }
  return module.redisStore(url)
}

function recordOf(fields: Partial<StoredSend> = {}): StoredSend {
  const expiresAt = Date.now() + 60_000
  const owner = randomUUID()
  return {
    fingerprint: 'f',
    owner,
    state: 'reserved',
    messageId: '<1@a.example>',
    expiresAt,
    ...fields,
  }
}

const letter = {
  from: 'shop@mg.example.com',
  to: 'ada@example.com',
  text: 'Thank you.',
  messageId: '<order-41@mg.example.com>',
}

describe.skipIf(redis.path === undefined)('the store of the guide, on a real server', () => {
  const start = async (): Promise<RedisServer> => {
    if (redis.path === undefined) throw new Error(redis.absence)
    return RedisServer.start(redis)
  }

  test('keeps its contract', async () => {
    await using server = await start()
    await using one = await guideStore(server.url)
    await using two = await guideStore(server.url)
    const records = Array.from({ length: 50 }, () => recordOf())

    const standing = await Promise.all(
      records.map((record, index) => (index % 2 === 0 ? one : two).reserve('key', record)),
    )

    const [winner] = standing
    expect(new Set(standing.map(({ owner }) => owner)).size).toBe(1)
    await expect(two.read('key')).resolves.toEqual(winner)
    await expect(two.update('key', recordOf())).resolves.toBe(false)
    await expect(two.update('other', recordOf())).resolves.toBe(false)
    const accepted = { ...recordOf(winner), state: 'accepted' } as const
    await expect(two.update('key', accepted)).resolves.toBe(true)
    await expect(one.reserve('key', recordOf())).resolves.toEqual(accepted)
    await expect(one.update('key', { ...accepted, expiresAt: 0 })).resolves.toBe(true)
    await expect(two.read('key')).resolves.toBeUndefined()
    await one.reserve('short', recordOf({ expiresAt: Date.now() + 5 }))
    await vi.waitFor(() => expect(two.read('short')).resolves.toBeUndefined())
  })

  test('makes fifty sends of two mailers one mail', async () => {
    await using server = await start()
    await using one = await guideStore(server.url)
    await using two = await guideStore(server.url)
    await using emulator = await createMailgunEmulator()
    await using first = createMailer({ ...emulator.transport, store: one })
    await using second = createMailer({ ...emulator.transport, store: two })
    const mailers = [first, second]
    const send = (index: number): Promise<Receipt> =>
      (mailers[index % 2] ?? first).send(letter, { idempotencyKey: 'order-41' })

    const results = await Promise.allSettled(Array.from({ length: 50 }, (_, index) => send(index)))

    expect(results.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThanOrEqual(25)
    expect(emulator.ledger.copies({ messageId: 'order-41@mg.example.com' })).toHaveLength(1)
    const [a, b] = await Promise.all([send(0), send(1)])
    expect(b).toEqual(a)
    expect(emulator.ledger.copies({ messageId: 'order-41@mg.example.com' })).toHaveLength(1)
  })

  test('that is down keeps a message with a key from being sent', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => undefined)
    const server = await start()
    await using store = await guideStore(server.url)
    await using emulator = await createMailgunEmulator()
    await using mailer = createMailer({ ...emulator.transport, retry: false, store })

    await server[Symbol.asyncDispose]()

    await expect(mailer.send(letter, { idempotencyKey: 'order-41' })).rejects.toMatchObject({
      code: 'ERR_MAILGUN_STORE',
      outcome: 'deferred',
    })
    expect(emulator.ledger.copies()).toEqual([])
  })
})
