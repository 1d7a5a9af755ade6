import { DeliveryError } from '@mailgun-smtp/core'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { withinTime } from '../../src/mailer/time-limit.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const failure = (outcome: 'deferred' | 'unknown' | 'rejected', code = 'ERR_MAILGUN_ABORTED') =>
  new DeliveryError({
    code: code as DeliveryError['code'],
    outcome,
    fault: 'connection',
    retryable: outcome === 'deferred',
    message: 'It was aborted.',
    cure: 'None.',
    attempts: 2,
    messageId: '<1@mg.example.com>',
  })

/** A send that ends with the error when it is told to. */
const endsWith =
  (error: Error) =>
  async (signal: AbortSignal): Promise<never> =>
    await new Promise((_, reject) => {
      signal.addEventListener('abort', () => reject(error))
      if (signal.aborted) reject(error)
    })

describe('withinTime', () => {
  test('gives what the send gives, and leaves no timer', async () => {
    expect(await withinTime(1000, undefined, () => Promise.resolve('sent'))).toBe('sent')
    expect(vi.getTimerCount()).toBe(0)
  })

  test('says that it was too slow, and that nothing was taken, when the time is over', async () => {
    const sent = withinTime(1000, undefined, endsWith(failure('deferred')))
    const [ended] = await Promise.allSettled([sent, vi.advanceTimersByTimeAsync(1000)])

    expect(ended).toHaveProperty('reason')
    expect(Reflect.get(ended, 'reason')).toMatchObject({
      code: 'ERR_MAILGUN_TIMEOUT',
      outcome: 'deferred',
      retryable: true,
      attempts: 2,
      messageId: '<1@mg.example.com>',
      cure: expect.stringMatching(/safe to send again/) as string,
    })
  })

  test.each([
    failure('unknown'),
    failure('deferred', 'ERR_MAILGUN_AUTH'),
    failure('rejected', 'ERR_MAILGUN_REFUSED'),
    new Error('Not of the delivery.'),
  ])('leaves another truth as it is: %s', async (error) => {
    const sent = withinTime(1000, undefined, endsWith(error))
    const [ended] = await Promise.allSettled([sent, vi.advanceTimersByTimeAsync(1000)])

    expect(ended).toEqual({ status: 'rejected', reason: error })
  })

  test("ends when the caller's own signal says so, which is no timeout", async () => {
    const error = failure('deferred')
    const caller = new AbortController()
    const sent = withinTime(Infinity, caller.signal, endsWith(error))

    expect(vi.getTimerCount()).toBe(0)
    caller.abort()
    await expect(sent).rejects.toBe(error)
    await expect(withinTime(1000, AbortSignal.abort(), endsWith(error))).rejects.toBe(error)
  })
})
