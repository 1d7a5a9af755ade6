import { afterEach, describe, expect, test, vi } from 'vitest'
import { fileStore } from '../../src/idempotency/stores/file-store.ts'
import { memoryStore } from '../../src/idempotency/stores/memory-store.ts'
import type { Store } from '../../src/idempotency/store.ts'
import { recordOf, temporaryFolder } from '../fakes/records.ts'

const openings: Record<string, () => Promise<AsyncDisposable & { readonly store: Store }>> = {
  async memoryStore() {
    return { store: memoryStore(), [Symbol.asyncDispose]: () => Promise.resolve() }
  },
  async fileStore() {
    const folder = await temporaryFolder()
    const store = fileStore(folder.file('sends'))
    return {
      store,
      async [Symbol.asyncDispose]() {
        await store.close()
        await folder[Symbol.asyncDispose]()
      },
    }
  },
}

afterEach(() => {
  vi.useRealTimers()
})

describe.each(Object.entries(openings))('%s', (_name, open) => {
  test('keeps the first of fifty reservations of a key, and shows it to all', async () => {
    await using opened = await open()
    const { store } = opened
    const records = Array.from({ length: 50 }, () => recordOf())

    const standing = await Promise.all(records.map((record) => store.reserve('key', record)))

    expect(new Set(standing.map(({ owner }) => owner))).toEqual(new Set([records[0]?.owner]))
    await expect(store.read('key')).resolves.toEqual(records[0])
  })

  test('lets only the owner replace its record', async () => {
    await using opened = await open()
    const { store } = opened
    const record = recordOf()
    await store.reserve('key', record)

    await expect(store.update('key', recordOf({ state: 'accepted' }))).resolves.toBe(false)
    await expect(store.update('other', record)).resolves.toBe(false)
    await expect(store.update('key', { ...record, state: 'accepted' })).resolves.toBe(true)
    await expect(store.read('key')).resolves.toEqual({ ...record, state: 'accepted' })
  })

  test('finds a send by its Message-ID, with or without angle brackets', async () => {
    await using opened = await open()
    const { store } = opened
    const record = recordOf({ messageId: '<41@mg.example.com>' })
    await store.reserve('other', recordOf({ messageId: '<42@mg.example.com>' }))
    await store.reserve('key', record)
    const unknown = { ...record, state: 'unknown' as const }
    await store.update('key', unknown)

    const found = { key: 'key', record: unknown }
    await expect(store.find?.('<41@mg.example.com>')).resolves.toEqual(found)
    await expect(store.find?.('41@mg.example.com')).resolves.toEqual(found)
    await expect(store.find?.('43@mg.example.com')).resolves.toBeUndefined()
  })

  test('a key is free from the moment its record expires', async () => {
    await using opened = await open()
    const { store } = opened
    vi.useFakeTimers({ toFake: ['Date'] })
    const record = recordOf({ expiresAt: Date.now() + 1000 })
    await store.reserve('key', record)

    vi.setSystemTime(Date.now() + 999)
    await expect(store.read('key')).resolves.toEqual(record)
    vi.setSystemTime(Date.now() + 1)
    await expect(store.read('key')).resolves.toBeUndefined()
    await expect(store.update('key', { ...record, state: 'handed-over' })).resolves.toBe(false)
    const next = recordOf()
    await expect(store.reserve('key', next)).resolves.toEqual(next)
  })

  test('a record that is given an end in the past frees its key', async () => {
    await using opened = await open()
    const { store } = opened
    const record = recordOf()
    await store.reserve('key', record)
    await store.update('key', { ...record, state: 'handed-over' })

    await expect(store.update('key', { ...record, expiresAt: 0 })).resolves.toBe(true)
    await expect(store.read('key')).resolves.toBeUndefined()
  })

  test('takes any printable key for itself alone', async () => {
    await using opened = await open()
    const { store } = opened
    const keys = ['__proto__', 'constructor', 'a:1', 'a', 'A', 'ä', '"', '\\n', '😀', ' ']
    const records = keys.map(() => recordOf())
    for (const [index, key] of keys.entries())
      await store.reserve(key, records[index] ?? recordOf())

    await expect(Promise.all(keys.map((key) => store.read(key)))).resolves.toEqual(records)
  })
})
