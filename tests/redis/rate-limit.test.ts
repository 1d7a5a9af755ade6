import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { RateLimitStore } from '@mailgun-smtp/next'
import { afterAll, describe, expect, test } from 'vitest'
import { root } from '../workspace.ts'
import { findRedis } from './server/find-redis.ts'
import { RedisServer } from './server/redis-server.ts'

const redis = findRedis()
if (redis.absence !== undefined) console.warn(`Redis tests are skipped: ${redis.absence}.`)

// Inside the tests' folder, so that the guide's block finds the packages as these tests do.
const folder = `${root}tests/.redis-rate-limit`

afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The store of the guide, as it is printed there. */
async function guideStore(url: string): Promise<RateLimitStore & Disposable> {
  const guide = readFileSync(`${root}docs/guides/nextjs.md`, 'utf8')
  const code = /^```ts\n((?:(?!^```).*\n)*?.*'ioredis'\n[\s\S]*?)^```$/m.exec(guide)?.[1] ?? ''
  mkdirSync(folder, { recursive: true })
  writeFileSync(`${folder}/rate-limit.ts`, code)
  const module = (await import(`${folder}/rate-limit.ts`)) as {
    redisRateLimit(url: string): RateLimitStore & Disposable
  }
  return module.redisRateLimit(url)
}

describe.skipIf(redis.absence !== undefined)("the Next.js guide's counts in Redis", () => {
  test('are shared, let so many pass, and say how long to wait', async () => {
    if (redis.absence !== undefined) throw new Error(redis.absence)
    await using server = await RedisServer.start(redis)
    using one = await guideStore(server.url)
    using other = await guideStore(server.url)

    const waits = await Promise.all(
      Array.from(
        { length: 10 },
        async (_, at) => await (at % 2 ? one : other).take('ada', 3, 60_000),
      ),
    )

    const refused = waits.filter((wait) => wait !== undefined)
    expect(refused).toHaveLength(7)
    for (const wait of refused) expect(wait).toBeGreaterThan(0)
    expect(Math.max(...refused)).toBeLessThanOrEqual(60_000)
    expect(await one.take('bob', 3, 60_000)).toBeUndefined()
  })

  test('let no form send while Redis is away', async () => {
    if (redis.absence !== undefined) throw new Error(redis.absence)
    const server = await RedisServer.start(redis)
    using store = await guideStore(server.url)
    await store.take('ada', 3, 60_000)

    await server[Symbol.asyncDispose]()

    await expect(store.take('ada', 3, 60_000)).rejects.toThrow(/./)
  })
})
