import { describe, expect, test } from 'vitest'
import { readMailbox, readMailboxes } from '../../src/message/address.ts'

const canary = 'canary-2d81'

describe('one mailbox', () => {
  test.each([
    ['ada@example.com', '', 'ada@example.com'],
    ['  ada@example.com\t', '', 'ada@example.com'],
    ['<ada@example.com>', '', 'ada@example.com'],
    ['Ada Lovelace <ada@example.com>', 'Ada Lovelace', 'ada@example.com'],
    ['Dr. Ada L. <ada@example.com>', 'Dr. Ada L.', 'ada@example.com'],
    ['"Lovelace, Ada" <ada@example.com>', 'Lovelace, Ada', 'ada@example.com'],
    ['"Ada \\"A\\" <x@y>" <ada@example.com>', 'Ada "A" <x@y>', 'ada@example.com'],
    ['Žofie <zofie@example.com>', 'Žofie', 'zofie@example.com'],
    ['=?utf-8?Q?x?= <ada@example.com>', '=?utf-8?Q?x?=', 'ada@example.com'],
    ["o'hara+tag%x=y@sub.example.co.uk", '', "o'hara+tag%x=y@sub.example.co.uk"],
    ['root@localhost', '', 'root@localhost'],
    ['дар@пример.испытание', '', 'дар@пример.испытание'],
    ['ada@bücher.example', '', 'ada@bücher.example'],
    ['%recipient_email%@example.com', '', '%recipient_email%@example.com'],
  ])('%s', (text, name, address) => {
    expect(readMailbox(text, 'to')).toEqual({ name, address })
  })

  test('an object is read as it is', () => {
    const name = '"Lovelace, Ada" <x@y>; \u202e'

    expect(readMailbox({ name, address: 'ada@example.com' }, 'to')).toEqual({
      name,
      address: 'ada@example.com',
    })
    expect(readMailbox({ address: 'ada@example.com' }, 'to').name).toBe('')
  })

  test('what is read is new, so that a getter cannot answer anew', () => {
    let reads = 0
    const given = {
      get address() {
        reads += 1
        return reads === 1 ? 'ada@example.com' : 'evil@example.com'
      },
    }

    expect(readMailbox(given, 'to').address).toBe('ada@example.com')
  })
})

describe('what is not one address', () => {
  test.each([
    ['nothing', ''],
    ['blanks', '   '],
    ['a name only', canary],
    ['no local part', '@example.com'],
    ['no domain', `${canary}@`],
    ['two with a comma', `a@b.test, ${canary}@c.test`],
    ['two with a semicolon', `a@b.test;${canary}@c.test`],
    ['two with a blank', `a@b.test ${canary}@c.test`],
    ['two in brackets', `<a@b.test><${canary}@c.test>`],
    ['a name that is an address', `${canary}@c.test <a@b.test>`],
    ['a name with a comma', `${canary}, Ada <a@b.test>`],
    ['a group', `friends: ${canary}@b.test;`],
    ['an empty group', 'undisclosed-recipients:;'],
    ['nested groups', `${'g:'.repeat(500)}${canary}@b.test${';'.repeat(500)}`],
    ['a route', `<@relay.test:${canary}@b.test>`],
    ['a comment', `${canary}(comment)@b.test`],
    ['a comment after it', `${canary}@b.test (comment)`],
    ['a quoted local part', `"${canary} x"@b.test`],
    ['an address inside a quoted local part', `"${canary}@evil.test x"@b.test`],
    ['an address literal', `${canary}@[127.0.0.1]`],
    ['two at signs', `${canary}@b@c.test`],
    ['a dot first', `.${canary}@b.test`],
    ['a dot last', `${canary}.@b.test`],
    ['two dots', `${canary}..x@b.test`],
    ['a dot after the domain', `${canary}@b.test.`],
    ['an empty label', `${canary}@b..test`],
    ['a label that ends in a hyphen', `${canary}@b-.test`],
    ['an underscore in the domain', `${canary}@b_c.test`],
    ['a fullwidth at sign', `${canary}\uff20b.test`],
    ['an ideographic full stop', `${canary}@b\u3002test`],
    ['fullwidth letters in the domain', `${canary}@ｂ.test`],
    ['a Kelvin sign in the domain', `${canary}@\u212a.test`],
    ['a soft hyphen', `${canary}@b\u00ad.test`],
    ['a zero-width space', `${canary}\u200b@b.test`],
    ['a carriage return', `${canary}@b.test\r`.repeat(2)],
    ['a command after a line feed', `b@b.test\nRCPT TO:<${canary}@c.test>`],
    ['a header after a line break', `b@b.test\r\nBcc: ${canary}@c.test`],
    ['a line break in a quoted name', `"${canary}\r\nBcc: x@y.test" <a@b.test>`],
    ['NUL', `${canary}\0@b.test`],
    ['a line separator', `${canary}\u2028@b.test`],
    ['a next line', `${canary}\u0085@b.test`],
    ['a lone surrogate', `${canary}\ud800@b.test`],
    ['a percent-encoded line break', `${canary}%0d%0a@b.test\r\nx`],
    ['a parameter of MAIL', `${canary}@b.test> SIZE=1`],
    ['a local part of 65 octets', `${'x'.repeat(65)}@b.test`],
    ['a local part of 65 octets in 33 letters', `${'é'.repeat(33)}@b.test`],
    ['a domain of 254 octets', `${canary}@${'x'.repeat(62).concat('.').repeat(4)}test`],
    ['a label of 64 octets', `${canary}@${'x'.repeat(64)}.test`],
  ])('%s is refused by its path, without its value', (_name, text) => {
    const refusal = capture(() => readMailbox(text, 'to'))

    expect(refusal.path).toBe('to')
    expect(refusal.code).toBe('ERR_MAILGUN_INVALID_MESSAGE')
    expect(refusal.message).not.toContain(canary)
  })

  test.each([
    ['a number', 7, 'to'],
    ['null', null, 'to'],
    ['a list', [['a@b.test']], 'to'],
    ['no address', { name: canary }, 'to.address'],
    ['an address that is a list', { address: ['a@b.test', canary] }, 'to.address'],
    ['an address with a name', { address: `Ada <${canary}@b.test>` }, 'to.address'],
    ['two addresses', { address: `a@b.test,${canary}@c.test` }, 'to.address'],
    ['a group', { name: 'g', group: [{ address: `${canary}@b.test` }] }, 'to.address'],
    ['a name with a line break', { name: `${canary}\r\nBcc: x`, address: 'a@b.test' }, 'to.name'],
    ['a name with NUL', { name: `${canary}\0`, address: 'a@b.test' }, 'to.name'],
    ['a name with a lone surrogate', { name: `${canary}\ud800`, address: 'a@b.test' }, 'to.name'],
    [
      'a name that is no text',
      { name: { toString: (): string => canary }, address: 'a@b.test' },
      'to.name',
    ],
    ['an address that is no text', { address: { toString: (): string => canary } }, 'to.address'],
  ])('an object with %s is refused', (_name, value, path) => {
    const refusal = capture(() => readMailbox(value, 'to'))

    expect(refusal.path).toBe(path)
    expect(refusal.message).not.toContain(canary)
  })

  test.each([
    ['a text', `${canary}${'x'.repeat(10_000_000)}@b.test`],
    ['blanks', `${' '.repeat(10_000_000)}a@b.test`],
    ['an address', { address: `${canary.repeat(1_000_000)}@b.test` }],
    ['a domain', { address: `a@${canary.repeat(1_000_000)}` }],
    ['a name', { name: canary.repeat(1_000_000), address: 'a@b.test' }],
    ['blanks before a bracket', `"${' '.repeat(1996)}<a`],
    ['what could be a name', `${' a'.repeat(998)}<`],
  ])('%s of any length is refused without its value', (_name, value) => {
    expect(capture(() => readMailbox(value, 'to')).message).not.toContain(canary)
  })
})

test('in a list each string is one address, and the refusal counts them', () => {
  expect(readMailboxes(['a@b.test', { address: 'c@d.test' }], 'cc')).toHaveLength(2)
  expect(readMailboxes('a@b.test', 'cc')).toHaveLength(1)
  expect(readMailboxes([], 'cc')).toEqual([])
  expect(capture(() => readMailboxes(['a@b.test', 'c@d.test, e@f.test'], 'cc')).path).toBe('cc[1]')
  expect(capture(() => readMailboxes(['a@b.test', ['c@d.test']], 'cc')).path).toBe('cc[1]')
})

function capture(read: () => unknown): { path: string; code: string; message: string } {
  try {
    read()
  } catch (error) {
    return error as { path: string; code: string; message: string }
  }
  return { path: 'none', code: 'none', message: 'nothing was refused' }
}
