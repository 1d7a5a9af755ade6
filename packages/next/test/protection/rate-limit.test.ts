import { describe, expect, test, vi } from 'vitest'
import { secondsToWait } from '../../src/protection/rate-limit.ts'
import { memoryRateLimitStore, type RateLimitStore } from '../../src/protection/rate-limit-store.ts'

const from = (ip: string | undefined, headers: Record<string, string> = {}) => ({
  ip,
  visitor: ip,
  headers: new Headers(headers),
})
const frozen = () => memoryRateLimitStore(() => Date.UTC(2026, 4, 4))

describe('secondsToWait', () => {
  test('lets a visitor send five mails in ten minutes, and all visitors sixty', async () => {
    const store = frozen()
    const waits = async (visitor: string) => await secondsToWait({ store }, from(visitor))

    for (let i = 0; i < 5; i += 1) expect(await waits('ada')).toBeUndefined()
    expect(await waits('ada')).toBe(600)
    for (let i = 0; i < 55; i += 1) expect(await waits(`visitor ${i}`)).toBeUndefined()
    expect(await waits('eve')).toBe(600)
  })

  test('takes nothing from what all may send for a visitor who is over his own limit', async () => {
    const limits = { store: frozen(), limit: 1, global: 2 }

    for (let i = 0; i < 5; i += 1) await secondsToWait(limits, from('ada'))

    expect(await secondsToWait(limits, from('bob'))).toBeUndefined()
  })

  test('holds visitors whom nothing tells apart to what all may send', async () => {
    const limits = { store: frozen(), limit: 1, global: 2 }

    expect(await secondsToWait(limits, from(undefined))).toBeUndefined()
    expect(await secondsToWait(limits, from(undefined))).toBeUndefined()
    expect(await secondsToWait(limits, from(undefined))).toBe(600)
  })

  test('keeps buckets apart, and shares the one of the same name', async () => {
    const store = frozen()
    const limits = (bucket?: string) => ({ store, limit: 1, bucket })

    expect(await secondsToWait(limits('a'), from('ada'))).toBeUndefined()
    expect(await secondsToWait(limits('b'), from('ada'))).toBeUndefined()
    expect(await secondsToWait(limits('a'), from('ada'))).toBe(600)
    expect(await secondsToWait(limits(), from('ada'))).toBeUndefined()
  })

  test("counts by the app's own key", async () => {
    const limits = {
      store: frozen(),
      limit: 1,
      key: ({ headers }: { headers: Headers }) => Promise.resolve(headers.get('user') ?? undefined),
    }

    expect(await secondsToWait(limits, from('one', { user: 'ada' }))).toBeUndefined()
    expect(await secondsToWait(limits, from('other', { user: 'ada' }))).toBe(600)
    expect(await secondsToWait(limits, from('one', { user: 'bob' }))).toBeUndefined()
  })

  test('hands a store no key longer than an address, whatever the app counts by', async () => {
    const take = vi.fn<RateLimitStore['take']>(() => undefined)
    const by = async (key: string) =>
      await secondsToWait({ store: { take }, key: () => key }, from(undefined))

    await by('x'.repeat(15_000))
    await by(`${'x'.repeat(14_999)}y`)

    const keys = take.mock.calls.map(([key]) => key).filter((key) => key !== '/all')
    expect(new Set(keys).size).toBe(2)
    for (const key of keys) expect(key.length).toBeLessThan(100)
  })

  test("asks the app's own store, in whole seconds, and fails where it fails", async () => {
    const take = vi.fn<RateLimitStore['take']>((key) =>
      Promise.resolve(key.endsWith('/all') ? 1500 : undefined),
    )
    const away = new Error('Redis is away.')
    const broken = { take: () => Promise.reject(away) }

    expect(await secondsToWait({ store: { take }, bucket: 'news' }, from('ada'))).toBe(2)
    expect(take.mock.calls).toEqual([
      ['news/by/ada', 5, 600_000],
      ['news/all', 60, 600_000],
    ])
    await expect(secondsToWait({ store: broken }, from('ada'))).rejects.toBe(away)
  })
})
