import { describe, expect, test } from 'vitest'
import { bucketNamed, createBucket, take, visitorOf } from '../src/rate-limit.ts'

const now = Date.UTC(2026, 4, 4)
const second = 1000

describe('take', () => {
  test('lets a visitor send as many as the limit within the window', () => {
    const bucket = createBucket()
    const limits = { limit: 2, window: 60 * second }

    expect(take(bucket, 'ada', limits, now)).toBeUndefined()
    expect(take(bucket, 'ada', limits, now + 20 * second)).toBeUndefined()
    expect(take(bucket, 'ada', limits, now + 30 * second)).toBe(30)
    expect(take(bucket, 'bob', limits, now + 30 * second)).toBeUndefined()
    expect(take(bucket, 'ada', limits, now + 60 * second)).toBeUndefined()
    expect(take(bucket, 'ada', limits, now + 61 * second)).toBe(19)
  })

  test('lets all visitors together send as many as the global limit', () => {
    const bucket = createBucket()
    const limits = { global: 3, window: 60 * second }

    const waits = ['a', 'b', 'c', 'd', undefined].map((visitor) =>
      take(bucket, visitor, limits, now),
    )

    expect(waits).toEqual([undefined, undefined, undefined, 60, 60])
  })

  test('counts nothing that it refuses', () => {
    const bucket = createBucket()
    const limits = { limit: 1, global: 2, window: 60 * second }

    for (let i = 0; i < 5; i += 1) take(bucket, 'ada', limits, now)

    expect(take(bucket, 'bob', limits, now)).toBeUndefined()
  })

  test('says to wait for a whole window where the limit is none', () => {
    expect(take(createBucket(), 'ada', { limit: 0, window: 60 * second }, now)).toBe(60)
  })

  test('forgets visitors when the longest window of the bucket is over', () => {
    const bucket = createBucket()

    take(bucket, 'ada', { window: 60 * second }, now)
    take(bucket, 'bob', { window: 1 * second }, now + 10 * second)
    expect([...bucket.byVisitor.keys()]).toEqual(['ada', 'bob'])

    take(bucket, 'eve', { window: 1 * second }, now + 65 * second)
    expect([...bucket.byVisitor.keys()]).toEqual(['bob', 'eve'])
  })

  test('holds no more visitors than fit', () => {
    const bucket = createBucket()

    for (let i = 0; i < 10_050; i += 1) take(bucket, `v${i}`, { global: Infinity }, now)

    expect(bucket.byVisitor.size).toBeLessThanOrEqual(10_000)
    expect(bucket.byVisitor.has('v10049')).toBe(true)
  })
})

test('bucketNamed finds the same bucket for every copy of the module', () => {
  const buckets: unknown = Reflect.get(globalThis, Symbol.for('@mailgun-smtp/next/rate-limits/v1'))
  expect(buckets).toBeUndefined()

  const bucket = bucketNamed('contact')

  expect(bucketNamed('contact')).toBe(bucket)
  expect(Reflect.get(globalThis, Symbol.for('@mailgun-smtp/next/rate-limits/v1'))).toEqual(
    new Map([['contact', bucket]]),
  )
})

describe('visitorOf', () => {
  test.each([
    ['203.0.113.7', 1, '203.0.113.7'],
    ['6.6.6.6, 203.0.113.7', 1, '203.0.113.7'],
    ['6.6.6.6, 203.0.113.7, 10.0.0.1', 2, '203.0.113.7'],
    ['203.0.113.7', 2, undefined],
    ['203.0.113.7', 0, undefined],
    ['', 1, undefined],
    ['203.0.113.7:4711', 1, '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', 1, '2001:db8:1:2::/64'],
    ['2001:DB8::6', 1, '2001:db8:0:0::/64'],
    ['[2001:db8:1:2::6]:4711', 1, '2001:db8:1:2::/64'],
    ['::1', 1, '0:0:0:0::/64'],
    ['fe80::1%eth0', 1, 'fe80:0:0:0::/64'],
    ['::ffff:203.0.113.7', 1, '::ffff:cb00:7107'],
    ['unknown', 1, 'unknown'],
  ])('reads %j with %i trusted hops as %j', (forwarded, hops, visitor) => {
    expect(visitorOf(new Headers({ 'X-Forwarded-For': forwarded }), hops)).toBe(visitor)
  })
})
