import { expect, test } from 'vitest'
import { VirtualClock } from '../../src/clock.ts'
import { RateLimiter } from '../../src/policy/rate-limiter.ts'

const setup = () => {
  const clock = new VirtualClock()
  return { clock, limiter: new RateLimiter(clock) }
}

test('a bucket gives what it holds, and tells when the next is there', () => {
  const { clock, limiter } = setup()
  const hourly = [{ key: 'domain a', rate: { perHour: 100 } }]
  expect(limiter.take(100, hourly)).toBeUndefined()

  const again = limiter.take(1, hourly)

  expect(Number(again) - Number(clock.now())).toBe(36_000)
  clock.advance('35s')
  expect(limiter.take(1, hourly)).toBeDefined()
  clock.advance('1s')
  expect(limiter.take(1, hourly)).toBeUndefined()
  expect(limiter.take(1, hourly)).toBeDefined()
})

test('a sender that waits until the given time is accepted', () => {
  const { clock, limiter } = setup()
  const senders = [{ key: 'a', rate: { perSecond: 7, perHour: 1_000 } }]
  for (let round = 0; round < 1_000; round++) {
    const again = limiter.take((round % 7) + 1, senders)
    if (!again) continue
    clock.advance(Number(again) - Number(clock.now()))
    expect(limiter.take((round % 7) + 1, senders)).toBeUndefined()
  }
})

test('nothing is taken from one sender when another has too little', () => {
  const { limiter } = setup()
  const domain = { key: 'domain', rate: { perHour: 10 } }
  const login = { key: 'login', rate: { perSecond: 2 } }

  expect(limiter.take(3, [domain, login])).toBeDefined()

  expect(limiter.take(10, [domain])).toBeUndefined()
})

test('more than a bucket ever holds is never taken', () => {
  const { clock, limiter } = setup()
  const senders = [{ key: 'a', rate: { perHour: 100 } }]

  expect(Number(limiter.take(101, senders)) - Number(clock.now())).toBe(3_600_000)
  clock.advance('5h')
  expect(limiter.take(101, senders)).toBeDefined()
})

test('what is given back can be taken again, and no more than the bucket holds', () => {
  const { limiter } = setup()
  const senders = [{ key: 'a', rate: { perHour: 2 } }]
  limiter.take(2, senders)
  limiter.giveBack(2, senders)
  limiter.giveBack(2, senders)

  expect(limiter.take(2, senders)).toBeUndefined()
  expect(limiter.take(1, senders)).toBeDefined()
})

test('a rate of none takes nothing, and no rate takes all', () => {
  const { limiter } = setup()

  expect(limiter.take(1, [{ key: 'a', rate: { perHour: 0 } }])).toBeInstanceOf(Date)
  expect(limiter.take(1_000_000, [{ key: 'b', rate: {} }])).toBeUndefined()
})
