import { expect, test } from 'vitest'
import { decodeCharset, decodeText, readableText } from '../../src/testing/decode-text.ts'

test.each([
  ['plain text', 'Hello', 'Hello'],
  ['a word among others', 'Re: =?utf-8?B?w7xiZXI=?= all', 'Re: über all'],
  [
    'a character that two words share',
    '=?utf-8?B?w7xiw6k=?= =?utf-8?Q?=C3?= =?utf-8?Q?=BC?=',
    'übéü',
  ],
  ['bytes left as they are, which were read as UTF-8', '=?utf-8?Q?caf\u00e9_=E2=82=AC?=', 'café €'],
  ['bytes of another charset left as they are', '=?iso-8859-1?Q?caf\u00e9?=', 'café'],
  ['UTF-7', '=?utf-7?Q?Hi_Mom_-+Jjo--!?=', 'Hi Mom -☺-!'],
  ['a charset that is unknown', '=?x-unknown?Q?abc?=', 'abc'],
])('decodes %s', (_, value, text) => {
  expect(decodeText(value)).toBe(text)
})

test.each([
  ['+AGE-b', 'ab'],
  ['1 +- 1', '1 + 1'],
  ['+ZeVnLIqe', '日本語'],
])('decodes UTF-7: %s', (encoded, text) => {
  expect(decodeCharset('UTF-7', Buffer.from(encoded))).toBe(text)
})

test.each([
  ['unfinished words', '=?utf-8?Q?'.repeat(100_000)],
  ['words with white space between', '=?utf-8?Q?a?= '.repeat(70_000)],
  ['white space', `=?a?q?b?=${' '.repeat(1_000_000)}`],
])('reads a megabyte of %s without holding anything up', (_, value) => {
  const start = performance.now()
  decodeText(value)
  expect(performance.now() - start).toBeLessThan(500)
})

test('gives every text part the same line ends, and joins flowed lines again', () => {
  expect(readableText('a\r\nb\n')).toBe('a\nb\n')
  expect(readableText('so \r\nlong\r\n From\r\n-- \r\nBo', { flowed: true })).toBe(
    'so long\nFrom\n-- \nBo',
  )
  expect(readableText('auto \r\nmat', { flowed: true, delSp: true })).toBe('automat')
})
