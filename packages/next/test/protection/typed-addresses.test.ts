import type { MailgunMessage } from '@mailgun-smtp/core'
import { describe, expect, test, vi } from 'vitest'
import { refuseTypedAddresses, refuseTypedArchive } from '../../src/protection/typed-addresses.ts'

const typed = [
  'Ada',
  'ada@example.net',
  'Please write to bob@example.org, not to <eve@example.org>.',
  'c!l"e/o@example.net',
  'Dora <dora+news@example.net>',
]
const refusal = (path: string) =>
  expect.objectContaining({
    name: 'InvalidOptionError',
    code: 'ERR_MAILGUN_INVALID_MESSAGE',
    path,
  }) as Error

describe('refuseTypedAddresses', () => {
  test.each<[string, MailgunMessage]>([
    ['to', { to: 'ada@example.net' }],
    ['to', { to: ' Ada <ADA@Example.NET> ' }],
    ['to', { to: ['owner@example.com', { name: '', address: 'bob@example.org' }] }],
    ['to', { to: [['eve@example.org']] }],
    ['to', { to: 'owner@example.com, ada@example.net' }],
    ['to', { to: 'ａｄａ@example.net' }],
    ['cc', { cc: 'ada@example.net' }],
    ['bcc', { bcc: [{ name: '', address: 'ada@example.net' }] }],
    ['envelope.to', { envelope: { from: 'a@example.com', to: ['ada@example.net'] } }],
    // What is left when an app takes other characters out, or the tag.
    ['to', { to: 'cleo@example.net' }],
    ['to', { to: 'dora@example.net' }],
    ['from', { from: 'ada@example.net' }],
    ['from', { from: { name: 'Shop', address: 'ada@example.net' } }],
    ['sender', { sender: 'ada@example.net' }],
    ['envelope.from', { envelope: { from: 'ada@example.net', to: 'owner@example.com' } }],
  ])('refuses in %s what a visitor typed: %j', (path, message) => {
    expect(() => refuseTypedAddresses(message, typed, [])).toThrow(refusal(path))
  })

  test('names no address in its refusal', () => {
    expect(() => refuseTypedAddresses({ to: 'ada@example.net' }, typed, [])).toThrow(
      /^(?!.*ada@example)/,
    )
  })

  test.each<[string, MailgunMessage]>([
    ['an address nobody typed', { to: 'owner@example.com', from: 'shop@example.com' }],
    ['a reply to the visitor', { to: 'owner@example.com', replyTo: 'ada@example.net' }],
    ['a name with an address in it', { to: { name: 'ada@example.net', address: 'owner@x.org' } }],
    ['no address at all', {}],
  ])('takes %s', (_, message) => {
    expect(() => refuseTypedAddresses(message, typed, [])).not.toThrow()
  })

  test("takes the app's own address, even if a visitor typed it", () => {
    const message = {
      to: 'Bob <bob@example.org>',
      from: { name: 'Eve', address: 'eve@example.org' },
    }

    expect(() =>
      refuseTypedAddresses(message, typed, [['bob@example.org'], 'eve@example.org']),
    ).not.toThrow()
  })

  test('trusts no address that only looks like one of the app', () => {
    const wide = 'ｂｏｂ@example.org'
    const kelvin = 'mi\u212Ae@example.org'

    expect(() => refuseTypedAddresses({ to: wide }, [wide], ['bob@example.org'])).toThrow(
      refusal('to'),
    )
    expect(() => refuseTypedAddresses({ to: kelvin }, [kelvin], ['mike@example.org'])).toThrow(
      refusal('to'),
    )
  })

  test.each([
    ['ｍｉ\u212Aｅ@example.com', 'ｍｉ\u212Aｅ@example.com'],
    ['Mike <MIKE@example.com>', 'MIKE@example.com'],
    [{ name: 'Mike', address: 'mike+news@example.com' }, 'mike+news@example.com'],
  ])('asks about %j as it would be mailed', (to, asked) => {
    const allowed = vi.fn<(address: string) => boolean>((address) => address === asked)
    const input = typeof to === 'string' ? to : to.address

    refuseTypedAddresses({ to }, [input], [], allowed)

    expect(allowed.mock.calls).toContainEqual([asked])
    expect(() =>
      refuseTypedAddresses({ to }, [input], [], (address) => address === 'mike@example.com'),
    ).toThrow(refusal('to'))
  })

  test('refuses what is too long for an address, without a look into it', () => {
    expect(() => refuseTypedAddresses({ to: `${'a'.repeat(2000)}@x.org` }, [], [])).toThrow(
      refusal('to'),
    )
  })

  test('takes typed recipients where they are allowed, and never a typed sender', () => {
    const message = { to: ['ada@example.net', 'bob@example.org'] }
    const onlyAda = (address: string) => address === 'ada@example.net'

    expect(() => refuseTypedAddresses(message, typed, [], true)).not.toThrow()
    expect(() => refuseTypedAddresses(message, typed, [], onlyAda)).toThrow(refusal('to'))
    expect(() => refuseTypedAddresses({ to: 'ada@example.net' }, typed, [], onlyAda)).not.toThrow()
    expect(() => refuseTypedAddresses({ from: 'ada@example.net' }, typed, [], true)).toThrow(
      refusal('from'),
    )
  })
})

test('refuseTypedArchive refuses a typed archiveTo', () => {
  const archive = 'https://example.net/archive'

  expect(() => refuseTypedArchive(archive, [`see ${archive}`])).toThrow(
    expect.objectContaining({ path: 'archiveTo' }),
  )
  expect(() => refuseTypedArchive(archive, typed)).not.toThrow()
  expect(() => refuseTypedArchive(undefined, typed)).not.toThrow()
})
