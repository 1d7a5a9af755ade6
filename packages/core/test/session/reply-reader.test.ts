import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MalformedReply, ReplyReader } from '../../src/session/reply-reader.ts'
import type { ServerReply } from '../../src/session/transaction-record.ts'

function read(...chunks: readonly (string | Buffer)[]): ServerReply[] {
  const reader = new ReplyReader()
  const replies: ServerReply[] = []
  for (const chunk of chunks)
    reader.push(Buffer.from(chunk as string), (reply) => replies.push(reply))
  return replies
}

test.each<[string, ServerReply]>([
  ['250 OK\r\n', { code: 250, lines: ['OK'] }],
  ['250\r\n', { code: 250, lines: [''] }],
  ['250 \r\n', { code: 250, lines: [''] }],
  ['250-one\r\n250-two\r\n250 three\r\n', { code: 250, lines: ['one', 'two', 'three'] }],
  [
    '550-5.1.1 No\r\n550 5.1.1 such user\r\n',
    { code: 550, enhanced: '5.1.1', lines: ['5.1.1 No', '5.1.1 such user'] },
  ],
  ['550 4.1.1 classes differ\r\n', { code: 550, lines: ['4.1.1 classes differ'] }],
  ['450 4.2.1\r\n', { code: 450, enhanced: '4.2.1', lines: ['4.2.1'] }],
  ['571 Hm\r\n', { code: 571, lines: ['Hm'] }],
  ['550 5.1.10.2 four\r\n', { code: 550, lines: ['5.1.10.2 four'] }],
  ['550 k\u00fcche \u2603\r\n', { code: 550, lines: ['k\u00fcche \u2603'] }],
])('%j is a reply', (bytes, reply) => {
  expect(read(bytes)).toEqual([reply])
})

test.each([
  ['a code of one digit', '2\r\n'],
  ['a code of two digits', '25\r\n'],
  ['a code of four digits', '2500 OK\r\n'],
  ['a code under 200', '199 OK\r\n'],
  ['a code over 599', '650 OK\r\n'],
  ['no code', 'OK\r\n'],
  ['an empty line', '\r\n'],
  ['a space before the code', ' 250 OK\r\n'],
  ['a tab after the code', '250\tOK\r\n'],
  ['lines of different codes', '250-OK\r\n550 No\r\n'],
  ['lines of different codes, the refusal first', '550-No\r\n250 OK\r\n'],
  ['a line end without CR', '250 OK\n'],
  ['a CR within a line', '250 O\rK\r\n'],
  ['a NUL', '250 O\0K\r\n'],
  ['a DEL', '250 O\u007fK\r\n'],
  ['an escape sequence', '250 \u001b[2J\r\n'],
  ['a line over 2048 bytes', `250 ${'x'.repeat(2043)}\r\n`],
  ['a line over 2048 bytes that does not end', `250 ${'x'.repeat(3000)}`],
  ['more than 128 lines', `${'250-x\r\n'.repeat(128)}250 x\r\n`],
  ['more than 64 KiB', `${`250-${'x'.repeat(2000)}\r\n`.repeat(40)}`],
])('%s is malformed', (_what, bytes) => {
  expect(() => read(bytes)).toThrow(MalformedReply)
})

test('what comes before a malformed line is handed on', () => {
  const reader = new ReplyReader()
  const codes: number[] = []

  expect(() =>
    reader.push(Buffer.from('250 OK\r\nrubbish\r\n'), ({ code }) => codes.push(code)),
  ).toThrow(MalformedReply)
  expect(codes).toEqual([250])
})

test('however the bytes are cut, the replies are the same', () => {
  const line = fc.stringMatching(/^[ -~]{0,60}$/)
  const reply = fc.tuple(
    fc.integer({ min: 200, max: 599 }),
    fc.array(line, { minLength: 1, maxLength: 5 }),
  )
  fc.assert(
    fc.property(
      fc.array(reply, { maxLength: 5 }),
      fc.array(fc.nat(400), { maxLength: 20 }),
      (replies, cuts) => {
        const bytes = replies
          .map(([code, lines]) =>
            lines
              .map((text, at) => `${code}${at < lines.length - 1 ? '-' : ' '}${text}\r\n`)
              .join(''),
          )
          .join('')
        const places = [0, ...cuts.toSorted((a, b) => a - b), bytes.length]
        const chunks = places.slice(1).map((end, at) => bytes.slice(places[at], end))

        expect(read(...chunks)).toEqual(read(bytes))
        expect(read(bytes).map(({ code, lines }) => [code, lines])).toEqual(replies)
      },
    ),
  )
})

describe('isMidReply', () => {
  test.each(['2', '250 O', '250 OK\r', '250-one\r\n', '250 OK\r\n2'])(
    '%j has begun a reply',
    (bytes) => {
      const reader = new ReplyReader()
      reader.push(Buffer.from(bytes), () => undefined)
      expect(reader.isMidReply).toBe(true)
    },
  )

  test('a whole reply leaves nothing', () => {
    const reader = new ReplyReader()
    reader.push(Buffer.from('250-one\r\n250 two\r\n'), () => undefined)
    expect(reader.isMidReply).toBe(false)
  })
})
