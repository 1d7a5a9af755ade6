import { afterEach, expect, test, vi } from 'vitest'
import { Idempotency } from '../../src/idempotency/idempotency.ts'
import { memoryStore } from '../../src/idempotency/stores/memory-store.ts'
import { note, receipt, recordOf, tomorrow } from '../fakes/records.ts'

afterEach(() => {
  vi.useRealTimers()
})

const minute = 60_000

test('a lease is renewed while the send works, and no timer is left', async () => {
  vi.useFakeTimers()
  const store = memoryStore()
  const result = new Idempotency(store).run('key', note, async (reservation) => {
    await vi.advanceTimersByTimeAsync(30 * minute)
    await expect(store.read('key')).resolves.toMatchObject({ state: 'reserved' })
    await reservation.renew()
    await expect(store.read('key')).resolves.toMatchObject({ expiresAt: Date.now() + 2 * minute })
    await reservation.handedOver()
    expect(vi.getTimerCount()).toBe(0)
    return receipt
  })

  await expect(result).resolves.toBe(receipt)
  expect(vi.getTimerCount()).toBe(0)
})

test('a mark that is taken back is a lease again, until the next mark', async () => {
  vi.useFakeTimers()
  const store = memoryStore()
  const result = new Idempotency(store).run('key', note, async (reservation) => {
    await reservation.handedOver()
    reservation.learn([{ address: 'ada@example.net', outcome: 'deferred', retryable: true }], 1)
    reservation.pause()
    await reservation.renew()
    await expect(store.read('key')).resolves.toMatchObject({ state: 'reserved' })
    await vi.advanceTimersByTimeAsync(30 * minute)
    await expect(store.read('key')).resolves.toMatchObject({ state: 'reserved' })
    await reservation.handedOver()
    await expect(store.read('key')).resolves.toMatchObject({ state: 'handed-over' })
    expect(vi.getTimerCount()).toBe(0)
    return receipt
  })

  await expect(result).resolves.toBe(receipt)
  expect(vi.getTimerCount()).toBe(0)
})

test('without a mark there is none to take back', async () => {
  vi.useFakeTimers()
  await new Idempotency(memoryStore()).run('key', note, async (reservation) => {
    reservation.pause()
    expect(vi.getTimerCount()).toBe(1)
    return receipt
  })
  expect(vi.getTimerCount()).toBe(0)
})

test('a reservation that is not renewed is free after two minutes', async () => {
  vi.useFakeTimers()
  const store = memoryStore()
  const idempotency = new Idempotency(store)
  // A process that died: nobody renews what it reserved.
  await store.reserve('key', recordOf({ expiresAt: Date.now() + 2 * minute }))

  await vi.advanceTimersByTimeAsync(2 * minute)

  await expect(idempotency.run('key', note, async () => receipt)).resolves.toBe(receipt)
})

test('a lost reservation keeps the dot from being sent, and the answer is what the other came to', async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  const store = memoryStore()
  const other = {
    reserve: store.reserve.bind(store),
    update: store.update.bind(store),
    read: store.read.bind(store),
  }
  const dot = vi.fn<() => void>()

  const result = await new Idempotency(store).run('key', note, async (reservation) => {
    vi.setSystemTime(Date.now() + 3 * minute)
    await new Idempotency(other).run('key', note, async (second) => {
      await second.handedOver()
      return receipt
    })
    await reservation.handedOver()
    dot()
    return { ...receipt, attempts: 99 }
  })

  expect(dot).not.toHaveBeenCalled()
  expect(result).toEqual(receipt)
})

test('a lapsed reservation that is still free defers the send', async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  const idempotency = new Idempotency(memoryStore())
  const dot = vi.fn<() => void>()

  await expect(
    idempotency.run('key', note, async (reservation) => {
      vi.setSystemTime(Date.now() + 3 * minute)
      await expect(reservation.renew()).rejects.toMatchObject({ retryable: false })
      await reservation.handedOver()
      dot()
      return receipt
    }),
  ).rejects.toMatchObject({ code: 'ERR_MAILGUN_STORE', outcome: 'deferred', retryable: true })
  expect(dot).not.toHaveBeenCalled()
})

test('what was handed over stays so for 24 hours, whatever attempts follow', async () => {
  vi.useFakeTimers()
  const store = memoryStore()

  await new Idempotency(store).run('key', note, async (reservation) => {
    await reservation.renew()
    await reservation.handedOver()
    await reservation.renew()
    await expect(store.read('key')).resolves.toMatchObject({
      state: 'handed-over',
      expiresAt: tomorrow(),
    })
    return receipt
  })

  await expect(store.read('key')).resolves.toMatchObject({
    state: 'accepted',
    expiresAt: tomorrow(),
  })
})
