import { afterEach, describe, expect, test, vi } from 'vitest'
import { DeliveryError } from '../../src/outcome/errors.ts'
import { Idempotency } from '../../src/idempotency/idempotency.ts'
import { memoryStore } from '../../src/idempotency/stores/memory-store.ts'
import type { Store, StoredSend } from '../../src/idempotency/store.ts'
import type { Receipt } from '../../src/outcome/receipt.ts'
import { note, receipt, recordOf } from '../fakes/records.ts'

afterEach(() => {
  vi.useRealTimers()
})

/** A store whose calls can be taken over. */
class FragileStore implements Store {
  readonly healthy = memoryStore()
  down: (call: 'reserve' | 'update' | 'read', record?: StoredSend) => Promise<void> = () =>
    Promise.resolve()

  async reserve(key: string, record: StoredSend): Promise<StoredSend> {
    await this.down('reserve', record)
    return this.healthy.reserve(key, record)
  }

  async update(key: string, record: StoredSend): Promise<boolean> {
    await this.down('update', record)
    return this.healthy.update(key, record)
  }

  async read(key: string): Promise<StoredSend | undefined> {
    await this.down('read')
    return this.healthy.read(key)
  }
}

const refused = (): Promise<never> =>
  Promise.reject(Object.assign(new Error('connect secret-key'), { code: 'ECONNREFUSED' }))

const never = (): Promise<never> => new Promise(() => undefined)

const storeFailure = {
  code: 'ERR_MAILGUN_STORE',
  outcome: 'deferred',
  retryable: true,
}

describe('before the message is handed over', () => {
  test('a store that is down defers the send, and nothing is dialled', async () => {
    const store = new FragileStore()
    store.down = refused
    const send = vi.fn<() => Promise<Receipt>>(async () => receipt)

    const error: unknown = await new Idempotency(store)
      .run('secret-key', note, send)
      .catch((reason: unknown) => reason)

    expect(error).toBeInstanceOf(DeliveryError)
    expect(error).toMatchObject({ ...storeFailure, cause: { code: 'ECONNREFUSED' } })
    expect((error as Error).message).not.toContain('secret-key')
    expect(send).not.toHaveBeenCalled()
    store.down = () => Promise.resolve()
    await expect(new Idempotency(store).run('secret-key', note, send)).resolves.toBe(receipt)
  })

  test('a store that never answers defers the send by the deadline', async () => {
    vi.useFakeTimers()
    const store = new FragileStore()
    store.down = never
    const send = vi.fn<() => Promise<Receipt>>(async () => receipt)
    const result = new Idempotency(store).run('key', note, send)
    const failure = result.catch((error: unknown) => error)

    await vi.advanceTimersByTimeAsync(10_000)

    await expect(failure).resolves.toMatchObject({ ...storeFailure, cause: { code: 'ETIMEDOUT' } })
    expect(send).not.toHaveBeenCalled()
    expect(vi.getTimerCount()).toBe(0)
  })

  test.each([undefined, null, 'yes', {}, { ...recordOf(), owner: 1 }])(
    'a store that answers nonsense (%#) is down',
    async (answer) => {
      const store = { ...memoryStore(), reserve: async () => answer } as unknown as Store
      const send = vi.fn<() => Promise<Receipt>>(async () => receipt)

      await expect(new Idempotency(store).run('key', note, send)).rejects.toMatchObject(
        storeFailure,
      )
      expect(send).not.toHaveBeenCalled()
    },
  )

  test('a mark that fails keeps the dot from being sent, and the key is free once the store is back', async () => {
    const store = new FragileStore()
    const idempotency = new Idempotency(store)
    store.down = (_call, record) =>
      record?.state === 'handed-over' ? refused() : Promise.resolve()
    const dot = vi.fn<() => void>()

    await expect(
      idempotency.run('key', note, async (reservation) => {
        await reservation.handedOver()
        dot()
        return receipt
      }),
    ).rejects.toMatchObject(storeFailure)

    expect(dot).not.toHaveBeenCalled()
    await expect(store.read('key')).resolves.toBeUndefined()
  })

  test('a mark that arrives late is not undone by what follows, nor undoes it', async () => {
    vi.useFakeTimers()
    const store = new FragileStore()
    const idempotency = new Idempotency(store)
    let arrive: (() => void) | undefined
    store.down = (_call, record) =>
      record?.state === 'handed-over'
        ? new Promise((resolve) => (arrive = resolve))
        : Promise.resolve()
    const result = idempotency.run('key', note, async (reservation) => {
      await reservation.handedOver()
      return receipt
    })
    const failure = result.catch((error: unknown) => error)
    await vi.advanceTimersByTimeAsync(20_000)
    await expect(failure).resolves.toMatchObject(storeFailure)
    await expect(store.healthy.read('key')).resolves.toMatchObject({ state: 'reserved' })

    arrive?.()
    await vi.advanceTimersByTimeAsync(0)

    await expect(store.healthy.read('key')).resolves.toBeUndefined()
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('after a 250', () => {
  test.each([
    ['fails', refused],
    ['never answers', never],
  ])(
    'the receipt is the answer though the store %s, and the record stays handed over',
    async (_what, down) => {
      vi.useFakeTimers()
      const store = new FragileStore()
      const lost = vi.fn<(error: Error) => void>()
      const idempotency = new Idempotency(store, { onOutcomeLost: lost })
      const result = idempotency.run('key', note, async (reservation) => {
        await reservation.handedOver()
        store.down = down
        return receipt
      })

      await vi.advanceTimersByTimeAsync(10_000)

      await expect(result).resolves.toBe(receipt)
      expect(lost).toHaveBeenCalledWith(expect.objectContaining({ code: 'ERR_MAILGUN_STORE' }))
      store.down = () => Promise.resolve()
      await expect(store.read('key')).resolves.toMatchObject({ state: 'handed-over' })
      expect(vi.getTimerCount()).toBe(0)
    },
  )
})
