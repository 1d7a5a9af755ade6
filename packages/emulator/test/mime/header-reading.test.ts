import { expect, test } from 'vitest'
import { hasUnreadableHeader, readHeader } from '../../src/mime/header-reading.ts'

test.each([
  ['Subject: a\r\n\r\nbody', true, 0],
  ['\r\nbody', true, 0],
  ['Subject: a\n\nbody', true, 0],
  ['Subject: a\r\n folded\r\n', false, 0],
  ['Subject: a\r\n', false, 0],
  ['', false, 0],
  ['hello\r\n', false, 1],
  ['Subject: a\r\nhello\r\n: b\r\n\r\n', true, 2],
])('reads %j', (raw, isEnded, strayLines) => {
  expect(readHeader(Buffer.from(raw))).toMatchObject({ isEnded, strayLines })
})

test('only a header that begins, breaks and never ends is beyond reading', () => {
  const unreadable = ['Subject: a\r\nhello\r\n', 'Subject: a\nhello']
  const readable = [
    '',
    '\r\n',
    'Subject: a\r\n',
    'just words\r\n',
    'Subject: a\r\nhello\r\n\r\nbody',
    'Subject: a\nhello\n\nbody',
    '\r\nSubject: a\r\nhello\r\n',
  ]

  expect(unreadable.map((raw) => hasUnreadableHeader(Buffer.from(raw)))).toEqual([true, true])
  expect(readable.filter((raw) => hasUnreadableHeader(Buffer.from(raw)))).toEqual([])
})

test('an endless header is read in bounded time', () => {
  const raw = Buffer.alloc(20_000_000, 'a')

  expect(readHeader(raw).strayLines).toBe(1)
})
