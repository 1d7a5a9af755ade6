import { createMailer, memoryStore, type Receipt, type Store } from '@mailgun-smtp/core'
import type { MailgunEmulator } from '@mailgun-smtp/emulator'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { configFor, inScene, openEmulator } from '../scene/scene.ts'
import { letter } from '../scene/verdict.ts'
import { nameOf, waysOver } from '../scene/ways.ts'

afterEach(() => void vi.useRealTimers())

const keyed = { idempotencyKey: 'order-1' }

/** A store that notes every state it is given after a reservation. */
function notedStore(): { store: Store; states: string[] } {
  const inner = memoryStore()
  const states: string[] = []
  const store: Store = {
    reserve: (key, record) => inner.reserve(key, record),
    read: (key) => inner.read(key),
    update: (key, record) => {
      states.push(record.state)
      return inner.update(key, record)
    },
  }
  return { store, states }
}

function refuseForNow({ faults }: MailgunEmulator, address: string): void {
  faults.when(({ to }) => to.at(-1) === address, { at: 'rcpt', reply: [451, 'Later'] })
}

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

    test('F27: a lost acknowledgement holds its key, for every process', () =>
      inScene(way, {}, async ({ emulator, mailer }) => {
        emulator.faults.next({ at: 'final', drop: 'after-store' })
        await expect(mailer.send(letter, keyed)).rejects.toMatchObject({ outcome: 'unknown' })
        await expect(mailer.send(letter, keyed)).rejects.toMatchObject({ outcome: 'unknown' })
        expect(emulator.ledger.count()).toBe(1)

        await mailer.settle(keyed.idempotencyKey, 'accepted')
        await mailer.send(letter, keyed)
        expect(emulator.ledger.count()).toBe(1)
      }))

    test('F25: a message that some were sent is accepted for them before the others are retried', async () => {
      const { store, states } = notedStore()
      await inScene(way, { config: { store } }, async ({ emulator, mailer }) => {
        refuseForNow(emulator, 'busy@example.com')
        const to = ['ada@example.com', 'busy@example.com']
        await expect(mailer.send({ ...letter, to }, keyed)).resolves.toMatchObject({ attempts: 3 })
      })
      const [mark, outcome, ...others] = states.slice(states.indexOf('handed-over'))
      expect([mark, outcome]).toEqual(['handed-over', 'accepted'])
      // A part of its own for whom the server refused again: it was never handed over.
      expect(new Set(others)).toEqual(new Set(['reserved']))
    })

    test('F25: a message without a permitted recipient is never marked as handed over', async () => {
      const { store, states } = notedStore()
      await inScene(way, { config: { store } }, async ({ emulator, mailer }) => {
        refuseForNow(emulator, 'busy@example.com')
        const sending = mailer.send({ ...letter, to: 'busy@example.com' }, keyed)
        await expect(sending).rejects.toMatchObject({ outcome: 'deferred', attempts: 3 })
      })
      expect(new Set(states)).toEqual(new Set(['reserved']))
    })

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
