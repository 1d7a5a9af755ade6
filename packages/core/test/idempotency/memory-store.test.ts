import { afterEach, describe, expect, test, vi } from 'vitest'
import { Idempotency } from '../../src/idempotency/idempotency.ts'
import { memoryStore } from '../../src/idempotency/stores/memory-store.ts'
import type { Store, StoredSend } from '../../src/idempotency/store.ts'
import type { Receipt } from '../../src/outcome/receipt.ts'
import { note, receipt, recordOf } from '../fakes/records.ts'

afterEach(() => {
  vi.useRealTimers()
})

async function keep(store: Store, key: string, fields: Partial<StoredSend>): Promise<void> {
  const record = recordOf(fields)
  await store.reserve(key, { ...record, state: 'reserved' })
  await store.update(key, record)
}

async function keysIn(store: Store, keys: readonly string[]): Promise<string[]> {
  const records = await Promise.all(keys.map((key) => store.read(key)))
  return keys.filter((_key, index) => records[index])
}

describe('a full store', () => {
  test('forgets the expired first, though finished ones are older', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const store = memoryStore({ maxKeys: 3 })
    await keep(store, 'finished', { state: 'accepted' })
    await keep(store, 'dead', { state: 'reserved', expiresAt: Date.now() + 10 })
    await keep(store, 'open', { state: 'unknown' })

    vi.setSystemTime(Date.now() + 10)
    await keep(store, 'new', { state: 'handed-over' })

    await expect(keysIn(store, ['finished', 'dead', 'open', 'new'])).resolves.toEqual([
      'finished',
      'open',
      'new',
    ])
  })

  test('forgets finished sends then, the oldest first', async () => {
    const store = memoryStore({ maxKeys: 3 })
    await keep(store, 'a', { state: 'accepted' })
    await keep(store, 'open', { state: 'handed-over' })
    await keep(store, 'b', { state: 'rejected' })

    await keep(store, 'c', { state: 'accepted' })
    await expect(keysIn(store, ['a', 'open', 'b', 'c'])).resolves.toEqual(['open', 'b', 'c'])
    await keep(store, 'd', { state: 'accepted' })
    await expect(keysIn(store, ['open', 'b', 'c', 'd'])).resolves.toEqual(['open', 'c', 'd'])
  })

  test.each(['reserved', 'handed-over', 'unknown'] as const)(
    'never forgets what is %s: it refuses new keys before anything is sent',
    async (state) => {
      const store = memoryStore({ maxKeys: 2 })
      await keep(store, 'a', { state })
      await keep(store, 'b', { state })
      const send = vi.fn<() => Promise<Receipt>>(async () => receipt)

      await expect(new Idempotency(store).run('c', note, send)).rejects.toMatchObject({
        code: 'ERR_MAILGUN_STORE',
        outcome: 'deferred',
        message: expect.stringMatching(/^The memory store is full/) as string,
      })
      expect(send).not.toHaveBeenCalled()
      await expect(keysIn(store, ['a', 'b', 'c'])).resolves.toEqual(['a', 'b'])
    },
  )

  test('still answers for the keys it has', async () => {
    const store = memoryStore({ maxKeys: 1 })
    const record = recordOf()
    await store.reserve('a', record)

    await expect(store.reserve('a', recordOf())).resolves.toBe(record)
  })
})

test.each([0, -1, 1.5, NaN, '5'])('refuses maxKeys %s', (maxKeys) => {
  expect(() => memoryStore({ maxKeys: maxKeys as number })).toThrow(
    'maxKeys must be a whole number from 1.',
  )
})
