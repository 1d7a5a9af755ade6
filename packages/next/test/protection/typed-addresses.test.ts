import type { MailgunMessage } from '@mailgun-smtp/core'
import { describe, expect, test } from 'vitest'
import { refuseTypedAddresses, refuseTypedArchive } from '../../src/protection/typed-addresses.ts'

const typed = [
  'Ada',
  'ada@example.net',
  'Please write to bob@example.org, not to <eve@example.org>.',
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

  test("takes the app's own address, even if somebody typed it", () => {
    const message = {
      to: 'Bob <bob@example.org>',
      from: { name: 'Eve', address: 'eve@example.org' },
    }

    expect(() =>
      refuseTypedAddresses(message, typed, [['bob@example.org'], 'eve@example.org']),
    ).not.toThrow()
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
