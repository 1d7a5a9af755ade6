import { inspect } from 'node:util'
import { afterEach, describe, expect, test, vi } from 'vitest'
import {
  DeliveryError,
  InvalidOptionError,
  type DeliveryFailure,
} from '../../src/outcome/errors.ts'
import { fingerprintOf } from '../../src/idempotency/fingerprint.ts'
import { Idempotency, type Reservation } from '../../src/idempotency/idempotency.ts'
import { memoryStore } from '../../src/idempotency/stores/memory-store.ts'
import type { Receipt } from '../../src/outcome/receipt.ts'
import { note, receipt } from '../fakes/records.ts'

afterEach(() => {
  vi.useRealTimers()
})

type Send = (reservation: Reservation) => Promise<Receipt>

const accepts: Send = async (reservation) => {
  await reservation.renew()
  await reservation.handedOver()
  return receipt
}

function fails(failure: Partial<DeliveryFailure>, { handedOver = true } = {}): Send {
  return async (reservation) => {
    if (handedOver) await reservation.handedOver()
    throw new DeliveryError({
      code: 'ERR_MAILGUN_REFUSED',
      outcome: 'rejected',
      fault: 'message',
      retryable: false,
      message: 'The message was refused: 550 No.',
      cure: 'Mend it.',
      attempts: 1,
      reply: { code: 550, text: 'No.' },
      cause: { code: 'EMESSAGE', command: 'DATA', responseCode: 550 },
      messageId: reservation.messageId,
      ...failure,
    })
  }
}

const unknown = fails({ outcome: 'unknown', code: 'ERR_MAILGUN_ABORTED', fault: 'connection' })

/** A second process with the same store: it shares nothing else. */
function twoProcesses(): [Idempotency, Idempotency] {
  const store = memoryStore()
  const other = {
    reserve: store.reserve.bind(store),
    update: store.update.bind(store),
    read: store.read.bind(store),
  }
  return [new Idempotency(store), new Idempotency(other)]
}

test('a record of version 1 answers a send under its key, and can be settled', async () => {
  const store = memoryStore()
  const idempotency = new Idempotency(store)
  // As version 1 wrote it: it names no recipients.
  await store.reserve('key', {
    fingerprint: fingerprintOf(note),
    owner: 'former',
    state: 'handed-over',
    messageId: '<former@mg.example.com>',
    expiresAt: Date.now() + 60_000,
  })
  const send = vi.fn<Send>(accepts)

  await expect(idempotency.run('key', note, send)).rejects.toMatchObject({
    code: 'ERR_MAILGUN_UNKNOWN_OUTCOME',
    outcome: 'unknown',
  })
  await idempotency.settle('key', 'accepted')
  await expect(idempotency.run('key', note, send)).resolves.toMatchObject({
    messageId: '<former@mg.example.com>',
    refused: [],
  })
  expect(send).not.toHaveBeenCalled()
})

describe('one key is one mail', () => {
  test('fifty concurrent sends with one key are one send, with one result', async () => {
    const store = memoryStore()
    const send = vi.fn<Send>(accepts)

    const results = await Promise.all(
      // Several mailers may share a store.
      Array.from({ length: 50 }, () => new Idempotency(store).run('key', note, send)),
    )

    expect(send).toHaveBeenCalledTimes(1)
    expect(new Set(results)).toEqual(new Set([results[0]]))
    expect(results[0]).toEqual(receipt)
  })

  test('fifty concurrent sends that fail have one error', async () => {
    const idempotency = new Idempotency(memoryStore())
    const send = vi.fn<Send>(fails({ outcome: 'deferred', retryable: true }))

    const errors = await Promise.all(
      Array.from({ length: 50 }, () =>
        idempotency.run('key', note, send).catch((error: unknown) => error),
      ),
    )

    expect(send).toHaveBeenCalledTimes(1)
    expect(new Set(errors).size).toBe(1)
  })

  test('an accepted message is answered by its receipt, and inspecting that shows no address', async () => {
    const [one, two] = twoProcesses()
    await one.run('key', note, accepts)
    const again = vi.fn<Send>(accepts)

    const restored = await two.run('key', { ...note, messageId: '<new@example.com>' }, again)

    expect(again).not.toHaveBeenCalled()
    expect(restored).toEqual(receipt)
    expect(inspect(restored)).not.toContain('@example.net')
  })

  test('a rejected message fails the same way again', async () => {
    const [one, two] = twoProcesses()
    const first: unknown = await one
      .run('key', note, fails({ retryAfter: new Date(5) }))
      .catch((error: unknown) => error)
    const again = vi.fn<Send>(accepts)

    const second: unknown = await two.run('key', note, again).catch((error: unknown) => error)

    expect(again).not.toHaveBeenCalled()
    expect(first).toBeInstanceOf(DeliveryError)
    expect(second).not.toBe(first)
    expect((second as DeliveryError).toJSON()).toEqual((first as DeliveryError).toJSON())
    expect((second as DeliveryError).cause).toEqual((first as DeliveryError).cause)
    expect((second as DeliveryError).cure).toBe('Mend it.')
  })

  test.each<[string, Send]>([
    ['deferred', fails({ outcome: 'deferred', retryable: true })],
    ['rejected for what the account lacks', fails({ fault: 'account' })],
    [
      'not deliverable at all',
      () => Promise.reject(new InvalidOptionError('html', 'must be a string')),
    ],
  ])('a message that was %s can be sent again', async (_what, send) => {
    const [one, two] = twoProcesses()
    await expect(one.run('key', note, send)).rejects.toBeInstanceOf(Error)

    await expect(two.run('key', note, accepts)).resolves.toEqual(receipt)
  })

  test('a key is free again after 24 hours', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const [one, two] = twoProcesses()
    await one.run('key', note, accepts)
    const again = vi.fn<Send>(accepts)

    vi.setSystemTime(Date.now() + 86_399_999)
    await two.run('key', note, again)
    expect(again).not.toHaveBeenCalled()
    vi.setSystemTime(Date.now() + 1)
    await two.run('key', { ...note, text: 'Ho' }, again)
    expect(again).toHaveBeenCalledTimes(1)
  })
})

describe('an unknown outcome', () => {
  test.each<[string, Send]>([
    ['after a lost reply', unknown],
    [
      'after a crash between the body and its dot',
      async (reservation) => {
        await reservation.handedOver()
        throw new Error('crash')
      },
    ],
  ])('%s stays, and nothing is sent again', async (_what, send) => {
    const [one, two] = twoProcesses()
    await expect(one.run('key', note, send)).rejects.toBeInstanceOf(Error)
    const again = vi.fn<Send>(accepts)

    await expect(two.run('key', note, again)).rejects.toMatchObject({
      name: 'DeliveryError',
      code: 'ERR_MAILGUN_UNKNOWN_OUTCOME',
      outcome: 'unknown',
      retryable: false,
      messageId: note.messageId,
    })
    expect(again).not.toHaveBeenCalled()
  })

  test('settled as accepted, it is answered by a receipt for all recipients', async () => {
    const [one, two] = twoProcesses()
    await expect(one.run('key', note, unknown)).rejects.toBeInstanceOf(Error)

    await two.settle('key', 'accepted')
    await two.settle('key', 'accepted')

    await expect(one.run('key', note, accepts)).resolves.toMatchObject({
      messageId: note.messageId,
      envelope: receipt.envelope,
      accepted: ['ada@example.net', 'bob@example.net'],
      refused: [],
    })
  })

  test('settled as rejected, it fails as rejected', async () => {
    const [one, two] = twoProcesses()
    await expect(one.run('key', note, unknown)).rejects.toBeInstanceOf(Error)

    await two.settle('key', 'rejected')
    await two.settle('key', 'rejected')

    await expect(one.run('key', note, accepts)).rejects.toMatchObject({
      outcome: 'rejected',
      retryable: false,
    })
  })

  test('is all that can be settled', async () => {
    const idempotency = new Idempotency(memoryStore())
    await idempotency.run('accepted', note, accepts)
    await expect(idempotency.run('rejected', note, fails({}))).rejects.toBeInstanceOf(Error)

    await idempotency.settle('accepted', 'accepted')
    await idempotency.settle('rejected', 'rejected')
    await expect(idempotency.settle('accepted', 'rejected')).rejects.toThrow(/outcome is known/)
    await expect(idempotency.settle('rejected', 'accepted')).rejects.toThrow(/outcome is known/)
    await expect(idempotency.settle('never-sent', 'accepted')).rejects.toThrow(/has no send/)
    await expect(idempotency.settle('accepted', 'deferred' as never)).rejects.toThrow(
      InvalidOptionError,
    )
  })

  test('cannot be settled while the send is under way', async () => {
    const [one, two] = twoProcesses()
    const attempts: Promise<unknown>[] = []
    const settle = (by: Idempotency): Promise<unknown> =>
      by.settle('key', 'rejected').catch((error: unknown) => error)

    await one.run('key', note, async (reservation) => {
      attempts.push(settle(one), settle(two))
      await Promise.all(attempts)
      await reservation.handedOver()
      attempts.push(settle(one))
      await Promise.all(attempts)
      return receipt
    })

    await expect(Promise.all(attempts)).resolves.toMatchObject(
      Array.from({ length: 3 }, () => ({ code: 'ERR_MAILGUN_IN_FLIGHT' })),
    )
    await expect(two.run('key', note, accepts)).resolves.toEqual(receipt)
  })
})

describe('another process', () => {
  test('that sends under the key is not doubled', async () => {
    const [one, two] = twoProcesses()
    const again = vi.fn<Send>(accepts)

    await one.run('key', note, async (reservation) => {
      await expect(two.run('key', note, again)).rejects.toMatchObject({
        code: 'ERR_MAILGUN_IN_FLIGHT',
        outcome: 'unknown',
        retryable: false,
      })
      await reservation.handedOver()
      await expect(two.run('key', note, again)).rejects.toMatchObject({
        code: 'ERR_MAILGUN_UNKNOWN_OUTCOME',
      })
      return receipt
    })

    expect(again).not.toHaveBeenCalled()
    await expect(two.run('key', note, again)).resolves.toEqual(receipt)
  })
})

describe('another message under the same key', () => {
  test.each<[string, Send]>([
    ['accepted', accepts],
    ['rejected', fails({})],
    ['unknown', unknown],
  ])('is refused when the first was %s', async (_what, send) => {
    const [one, two] = twoProcesses()
    await one.run('secret-key', note, send).catch(() => undefined)
    const again = vi.fn<Send>(accepts)

    const refusal: unknown = await two
      .run('secret-key', { ...note, text: 'Ho' }, again)
      .catch((error: unknown) => error)

    expect(refusal).toBeInstanceOf(InvalidOptionError)
    expect(refusal).toMatchObject({
      code: 'ERR_MAILGUN_IDEMPOTENCY_MISMATCH',
      path: 'idempotencyKey',
    })
    expect(inspect(refusal)).not.toContain('secret-key')
    expect(again).not.toHaveBeenCalled()
  })

  test('is refused while the first is under way', async () => {
    const [one, two] = twoProcesses()

    await one.run('key', note, async () => {
      for (const process of [one, two]) {
        await expect(process.run('key', { ...note, text: 'Ho' }, accepts)).rejects.toMatchObject({
          code: 'ERR_MAILGUN_IDEMPOTENCY_MISMATCH',
        })
      }
      return receipt
    })
  })
})

test.each([
  ['empty', ''],
  ['too long', 'x'.repeat(256)],
  ['of two lines', 'a\nb'],
  ['not printable', 'a\0'],
  ['half a character', '\ud800'],
  ['no text', 7 as unknown as string],
])('refuses a key that is %s', async (_what, key) => {
  const idempotency = new Idempotency(memoryStore())
  const send = vi.fn<Send>(accepts)
  const refusal = {
    path: 'idempotencyKey',
    rule: 'must be a string of 1 to 255 printable characters',
  }

  await expect(idempotency.run(key, note, send)).rejects.toMatchObject(refusal)
  await expect(idempotency.settle(key, 'accepted')).rejects.toMatchObject(refusal)
  expect(send).not.toHaveBeenCalled()
})

test('what is kept is plain data, names each recipient, and holds no body and no words of the server', async () => {
  const store = memoryStore()
  const idempotency = new Idempotency(store)
  const secret = { ...note, text: 'canary-body' }
  await expect(idempotency.run('a', secret, fails({}))).rejects.toBeInstanceOf(Error)
  await expect(idempotency.run('b', secret, unknown)).rejects.toBeInstanceOf(Error)
  await idempotency.run('c', secret, accepts)

  const kept = await Promise.all(['a', 'b', 'c'].map((key) => store.read(key)))

  for (const record of kept) {
    expect(record).toMatchObject({ version: 2, recipients: { addresses: note.to } })
  }
  expect(JSON.stringify(kept)).not.toContain('canary-body')
  expect(JSON.parse(JSON.stringify(kept))).toEqual(kept)
})
