import { beforeEach, describe, expect, test } from 'vitest'
import {
  memoryRateLimitStore,
  type MemoryRateLimitStore,
  processStore,
} from '../../src/protection/rate-limit-store.ts'

const second = 1000
const minute = 60 * second
let now: number
let store: MemoryRateLimitStore

beforeEach(() => {
  now = Date.UTC(2026, 4, 4)
  store = memoryRateLimitStore(() => now)
})

describe('the counts in memory', () => {
  test('let so many pass within the window, and say how long the next has to wait', () => {
    expect(store.take('ada', 2, minute)).toBeUndefined()
    now += 20 * second
    expect(store.take('ada', 2, minute)).toBeUndefined()
    now += 10 * second
    expect(store.take('ada', 2, minute)).toBe(30 * second)
    expect(store.take('bob', 2, minute)).toBeUndefined()
    now += 30 * second
    expect(store.take('ada', 2, minute)).toBeUndefined()
    now += second
    expect(store.take('ada', 2, minute)).toBe(19 * second)
  })

  test('count nothing that they refuse', () => {
    store.take('ada', 1, minute)
    now += 59 * second
    expect(store.take('ada', 1, minute)).toBe(second)
    now += second

    expect(store.take('ada', 1, minute)).toBeUndefined()
  })

  test('let nothing pass where the limit is none, and all where it is endless', () => {
    expect(store.take('ada', 0, minute)).toBe(minute)
    for (let i = 0; i < 100; i += 1) expect(store.take('bob', Infinity, minute)).toBeUndefined()
  })

  test('remember a key for the longest window that asked for it', () => {
    store.take('ada', 1, minute)
    now += 2 * second
    expect(store.take('ada', 1, second)).toBeUndefined()

    expect(store.take('ada', 2, minute)).toBe(58 * second)
  })

  test('keep the key that is always asked for, however many strangers come by', () => {
    store.take('all', 1, minute)
    for (let i = 0; i < 30_000; i += 1) {
      store.take(`stranger ${i}`, 5, minute)
      store.take('all', 1, minute)
    }

    expect(store.take('all', 1, minute)).toBe(minute)
    expect(store.take('stranger 29999', 1, minute)).toBe(minute)
    // Strangers are forgotten, the oldest first.
    expect(store.take('stranger 0', 1, minute)).toBeUndefined()
  })
})

test('processStore is one for every copy of the module', () => {
  const place = () =>
    Reflect.get(globalThis, Symbol.for('@mailgun-smtp/next/rate-limits/v2')) as unknown

  const own = processStore()

  expect(processStore()).toBe(own)
  expect(place()).toBe(own)
})
