import { describe, expect, test } from 'vitest'
import { ipAddressOf } from '../../src/request/ip-address.ts'

describe('ipAddressOf', () => {
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
    ['198.51.100.1, ', 1, undefined],
    ['unknown', 1, undefined],
    [`fe80::1%${'a'.repeat(200)}`, 1, undefined],
  ])('reads %j with %i trusted hops as %j', (forwarded, hops, visitor) => {
    expect(ipAddressOf(new Headers({ 'X-Forwarded-For': forwarded }), hops)).toBe(visitor)
  })
})
