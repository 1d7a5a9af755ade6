import type { IncomingMessage } from 'node:http'
import { describe, expect, it } from 'vitest'
import { isOwn } from '../src/shop/guard.ts'

function asks(method: string, headers: Record<string, string>): boolean {
  return isOwn({ method, headers: { host: '127.0.0.1:3000', ...headers } } as IncomingMessage & {
    headers: Record<string, string>
  })
}

describe('a request is answered', () => {
  it.each(['127.0.0.1:3000', 'localhost:3000', '[::1]:3000', 'localhost'])('for %s', (host) => {
    expect(asks('GET', { host })).toBe(true)
  })

  it('when a page of the same app posts', () => {
    expect(asks('POST', { origin: 'http://127.0.0.1:3000' })).toBe(true)
  })

  it('when a program posts, which says nothing', () => {
    expect(asks('POST', {})).toBe(true)
  })
})

describe('a request is refused', () => {
  it.each(['evil.test', 'evil.test:3000', '127.0.0.1.evil.test', '', 'localhost:3000:1'])(
    'for the host %j, which may be a foreign name for this machine',
    (host) => {
      expect(asks('GET', { host })).toBe(false)
    },
  )

  it.each([
    { origin: 'https://evil.test' },
    { origin: 'null' },
    { origin: 'http://127.0.0.1:3001' },
    { origin: 'https://127.0.0.1:3000' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
  ])('when %j posts', (headers) => {
    expect(asks('POST', headers as unknown as Record<string, string>)).toBe(false)
  })
})
