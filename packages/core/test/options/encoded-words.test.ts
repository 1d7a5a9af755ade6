import { createTransport } from 'nodemailer'
import { expect, test } from 'vitest'
import { parseHeaders } from '../../src/headers.ts'
import { fieldsOf } from '../wire/unfolders.ts'

const read = (value: string): unknown => parseHeaders([['X-Mailgun-Variables', value]]).variables

test.each([
  ['Q', '=?utf-8?Q?=7B=22a=22=3A=22caf=C3=A9_au_lait=22=7D?=', { a: 'café au lait' }],
  ['B', '=?UTF-8?B?eyJhIjoiY2Fmw6kifQ==?=', { a: 'café' }],
  ['Latin-1', '=?iso-8859-1?q?=7B=22a=22=3A=22caf=E9=22=7D?=', { a: 'café' }],
  ['a language', '=?utf-8*fr?Q?=7B=7D?=', {}],
  [
    'a character cut over two words',
    '=?utf-8?Q?=7B=22a=22=3A=22=C3?=\r\n =?utf-8?Q?=A9=22=7D?=',
    { a: 'é' },
  ],
  ['two charsets', '=?utf-8?B?eyJhIjo=?= =?iso-8859-1?Q?=22=E9=22=7D?=', { a: 'é' }],
])('a value made wholly of encoded words is decoded: %s', (_name, value, variables) => {
  expect(read(value)).toEqual(variables)
})

test.each([
  ['inside JSON', '{"a":"=?utf-8?Q?x?="}', { a: '=?utf-8?Q?x?=' }],
  ['beside JSON', '{"a":"b c =?utf-8?Q?x?= d"}', { a: 'b c =?utf-8?Q?x?= d' }],
])('a look-alike %s is text', (_name, value, variables) => {
  expect(read(value)).toEqual(variables)
})

test.each([
  '=?no-such-charset?Q?=7B=7D?=',
  '=?utf-8?B?####?=',
  '=?utf-8?X?e30=?=',
  '=?utf-8?Q?=7B=7D',
])('what cannot be decoded stays as it is, and is not JSON: %s', (value) => {
  expect(() => read(value)).toThrow('variables must be valid JSON')
})

test('megabytes of encoded words are read, whole or in pieces', () => {
  const text = 'x'.repeat(1_000_000)
  const bytes = Buffer.from(JSON.stringify({ text }))
  const half = Math.ceil(bytes.length / 6) * 3
  const halves = [bytes.subarray(0, half), bytes.subarray(half)]
  const words = halves.map((piece) => `=?utf-8?B?${piece.toString('base64')}?=`)

  expect(read(words.join(' '))).toEqual({ text })
})

test('reads the field that nodemailer writes for a plain JSON string', async () => {
  const transporter = createTransport({ streamTransport: true, buffer: true, newline: 'windows' })
  const variables = { name: 'Zoë "Z" O’Hara', list: Array.from({ length: 40 }, (_, i) => `n${i}`) }

  const { message } = await transporter.sendMail({
    to: 'ada@example.net',
    headers: { 'X-Mailgun-Variables': JSON.stringify(variables) },
  })
  const [block = ''] = (message as Buffer).toString('latin1').split('\r\n\r\n')

  expect(block).toContain('=?UTF-8?Q?')
  expect(parseHeaders(fieldsOf(block)).variables).toEqual(variables)
})
