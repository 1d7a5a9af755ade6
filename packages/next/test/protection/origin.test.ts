import { describe, expect, test } from 'vitest'
import { fromOwnPage } from '../../src/protection/origin.ts'

const host = { Host: 'shop.example' }
const origin = { ...host, Origin: 'https://shop.example' }

describe('a request is from a page of the site', () => {
  test.each<[string, Record<string, string>]>([
    ['its Origin is the host', origin],
    ['its Origin is the host, in capitals', { ...host, Origin: 'https://SHOP.example' }],
    ['its Origin leaves out the port of its protocol', { ...origin, Host: 'shop.example:443' }],
    ['both name the port', { Host: 'localhost:3000', Origin: 'http://localhost:3000' }],
    [
      'its Origin is the host that a proxy forwards',
      { Host: '10.0.0.7:3000', 'X-Forwarded-Host': 'shop.example', Origin: 'https://shop.example' },
    ],
    [
      'the first of several forwarded hosts is its Origin',
      { ...origin, Host: 'a.internal', 'X-Forwarded-Host': 'shop.example, b.internal' },
    ],
    ['the browser says so too', { ...origin, 'Sec-Fetch-Site': 'same-origin' }],
    ['it has no Origin, and the browser says so', { ...host, 'Sec-Fetch-Site': 'same-origin' }],
    // As of a page with Referrer-Policy: no-referrer.
    [
      'its Origin is null, and the browser says so',
      { ...host, Origin: 'null', 'Sec-Fetch-Site': 'same-origin' },
    ],
  ])('if %s', (_, headers) => {
    expect(fromOwnPage(new Headers(headers))).toBe(true)
  })

  test.each<[string, Record<string, string>]>([
    ['it says nothing', host],
    ['its Origin is another site', { ...host, Origin: 'https://evil.test' }],
    ['its Origin is another port', { Host: 'localhost:3000', Origin: 'http://localhost:4000' }],
    [
      'its Origin is another port of the protocol',
      { ...host, Origin: 'https://shop.example:8443' },
    ],
    ['its Origin is a subdomain', { ...host, Origin: 'https://a.shop.example' }],
    ['its Origin ends as the host does', { ...host, Origin: 'https://myshop.example' }],
    ['its Origin is null', { ...host, Origin: 'null' }],
    [
      'its Origin is null, of a sandbox',
      { ...host, Origin: 'null', 'Sec-Fetch-Site': 'cross-site' },
    ],
    ['its Origin is no URL', { ...host, Origin: 'shop.example' }],
    ['its Origin is no site', { Host: '', Origin: 'file://' }],
    ['its Origin has a path', { ...host, Origin: 'https://shop.example/' }],
    ['its Origin hides the host', { ...host, Origin: 'https://shop.example@evil.test' }],
    ['the browser says that it crosses sites', { ...origin, 'Sec-Fetch-Site': 'cross-site' }],
    ['it has no Origin, and crosses sites', { ...host, 'Sec-Fetch-Site': 'cross-site' }],
    ['it has no Origin, of a sibling', { ...host, 'Sec-Fetch-Site': 'same-site' }],
    ['a proxy forwards another host', { ...origin, 'X-Forwarded-Host': 'other.example' }],
    ['there is no host', { Origin: 'https://shop.example' }],
    ['its host is no host', { Host: 'evil.test/@shop.example', Origin: 'https://evil.test' }],
  ])('not if %s', (_, headers) => {
    expect(fromOwnPage(new Headers(headers))).toBe(false)
  })

  test.each([
    ['https://partner.test', ['partner.test'], true],
    ['https://a.partner.test', ['*.partner.test'], true],
    ['https://a.b.partner.test', ['*.partner.test'], false],
    ['https://a.b.partner.test', ['**.partner.test'], true],
    ['https://partner.test', ['**.partner.test'], false],
    ['https://partner.test:8443', ['partner.test'], false],
    ['https://partner.test:8443', ['PARTNER.test:8443'], true],
    ['https://evilpartner.test', ['*partner.test', 'partner.test'], false],
    ['null', ['null', '**'], false],
  ])('%s is allowed by %j: %s', (from, allowed, isAllowed) => {
    const headers = new Headers({ ...host, Origin: from, 'Sec-Fetch-Site': 'cross-site' })

    expect(fromOwnPage(headers, allowed)).toBe(isAllowed)
  })
})
