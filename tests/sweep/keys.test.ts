import { createMailer, memoryStore, type Receipt, type Store } from '@mailgun-smtp/core'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { configFor, inScene, openEmulator } from './scene.ts'
import { letter } from './verdict.ts'
import { nameOf, waysOver } from './ways.ts'

afterEach(() => void vi.useRealTimers())

const keyed = { idempotencyKey: 'order-1' }

describe.each(waysOver('starttls').map((way) => [nameOf(way), way] as const))(
  '%s',
  (_name, way) => {
    test('F27: fifty sends at once with one key are one copy and one receipt', () =>
      inScene(way, {}, async ({ emulator, mailer }) => {
        const receipts = await Promise.all(
          Array.from({ length: 50 }, () => mailer.send(letter, keyed)),
        )
        const again = await mailer.send(letter, keyed)

        expect(
          new Set([...receipts, again].map((receipt: Receipt) => JSON.stringify(receipt))).size,
        ).toBe(1)
        expect(emulator.ledger.count()).toBe(1)
      }))

    test('F27: a key of another message is refused before anything is sent', () =>
      inScene(way, {}, async ({ emulator, mailer }) => {
        await mailer.send(letter, keyed)

        await expect(mailer.send({ ...letter, text: 'Another' }, keyed)).rejects.toMatchObject({
          code: 'ERR_MAILGUN_IDEMPOTENCY_MISMATCH',
        })
        expect(emulator.ledger.count()).toBe(1)
      }))

    test('F27: after 24 hours a key is free again', () =>
      inScene(way, {}, async ({ emulator, mailer }) => {
        await mailer.send(letter, keyed)
        vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 24 * 3_600_000 + 1000 })
        await mailer.send(letter, keyed)

        expect(emulator.ledger.count()).toBe(2)
      }))

    test('F27: a lost acknowledgement holds its key, whoever asks', () =>
      inScene(way, {}, async ({ emulator, mailer }) => {
        emulator.faults.next({ at: 'final', drop: 'after-store' })
        await expect(mailer.send(letter, keyed)).rejects.toMatchObject({ outcome: 'unknown' })
        await expect(mailer.send(letter, keyed)).rejects.toMatchObject({ outcome: 'unknown' })
        expect(emulator.ledger.count()).toBe(1)

        await mailer.settle(keyed.idempotencyKey, 'accepted')
        await mailer.send(letter, keyed)
        expect(emulator.ledger.count()).toBe(1)
      }))

    test.each(['reserve', 'update'] as const)(
      'F28: a store whose %s fails is an error before anything is dialled',
      async (method) => {
        await using emulator = await openEmulator(way)
        const healthy = memoryStore()
        const down: Store = {
          reserve: (key, record) => healthy.reserve(key, record),
          update: (key, record) => healthy.update(key, record),
          read: (key) => healthy.read(key),
          [method]: () => Promise.reject(new Error('The store is down.')),
        }
        await using mailer = createMailer(configFor(way, emulator, { store: down }))

        await expect(mailer.send(letter, keyed)).rejects.toMatchObject({
          code: 'ERR_MAILGUN_STORE',
          outcome: 'deferred',
        })
        expect(emulator.sessions).toEqual([])
      },
    )
  },
)
