import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { sharedController } from '../../src/delivery/interruption.ts'
import { RateLimiter } from '../../src/delivery/rate-limiter.ts'
import { createMailer } from '../../src/index.ts'
import { ScriptedServer } from '../scripted-server/scripted-server.ts'
import { letter } from '../wire/wire.ts'

const never = sharedController()

describe('turns', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  test('no second holds more messages than the limit, however long each takes', async () => {
    const limiter = new RateLimiter({ perSecond: 5 })
    const arrivals: number[] = []
    const sends = Array.from({ length: 23 }, async (_, index) => {
      const give = await limiter.take(never)
      // Each arrives at another moment between its start and its end.
      setTimeout(() => arrivals.push(performance.now()), index % 7)
      setTimeout(give, 10)
    })

    await vi.runAllTimersAsync()
    await Promise.all(sends)

    expect(arrivals).toHaveLength(23)
    const sorted = arrivals.toSorted((a, b) => a - b)
    for (const [index, arrival] of sorted.entries()) {
      expect((sorted[index + 5] ?? Infinity) - arrival).toBeGreaterThanOrEqual(1000)
    }
  })

  test('the hour has a limit of its own, and a message that would wait too long is told when to come', async () => {
    const limiter = new RateLimiter({ perSecond: 100, perHour: 3 })
    for (let count = 0; count < 3; count += 1) (await limiter.take(never))()

    await expect(limiter.take(never)).rejects.toMatchObject({
      code: 'ERR_MAILGUN_RATE_LIMIT',
      outcome: 'deferred',
      retryable: true,
      retryAfter: new Date(Date.now() + 3_600_000),
    })
    await vi.advanceTimersByTimeAsync(3_600_000)
    await expect(limiter.take(never)).resolves.toBeTypeOf('function')
  })

  test('a send whose turn does not come fails after the longest wait', async () => {
    const limiter = new RateLimiter({ perSecond: 1, maxWait: 5000 })
    await limiter.take(never)
    const waiting = Promise.allSettled([limiter.take(never)])

    await vi.advanceTimersByTimeAsync(5000)
    expect(await waiting).toMatchObject([{ reason: { code: 'ERR_MAILGUN_RATE_LIMIT' } }])
  })

  test('a send that is aborted in the queue gives its place to the next', async () => {
    const limiter = new RateLimiter({ perSecond: 1 })
    const give = await limiter.take(never)
    const controller = new AbortController()
    const left = Promise.allSettled([limiter.take(controller)])
    const next = limiter.take(never)

    controller.abort(new Error('gone'))
    give()
    expect(await left).toMatchObject([{ reason: { message: 'gone' } }])
    await vi.advanceTimersByTimeAsync(1000)
    await expect(next).resolves.toBeTypeOf('function')
  })
})

test('mailers with one login share its limit', async () => {
  await using server = await ScriptedServer.open()
  const config = { ...server.config, rateLimit: { perSecond: 1, maxWait: 1 } }
  await using one = createMailer(config)
  await using other = createMailer(config)

  const results = await Promise.allSettled([one.send(letter), other.send(letter)])

  expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  expect(server.bodies).toHaveLength(1)
})

test.each([
  [{ perSecond: 0 }, 'rateLimit.perSecond must be a whole number from 1.'],
  [{ perMinute: 5 }, 'rateLimit takes perSecond, perHour, maxWait only.'],
])('rateLimit %j is refused', (rateLimit, message) => {
  expect(() =>
    createMailer({ auth: { user: 'a@b.test', pass: 'p' }, rateLimit: rateLimit as object }),
  ).toThrow(message)
})
