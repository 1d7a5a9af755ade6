import { expect, test } from 'vitest'
import { scanHeaders } from '../../src/mime/header-block.ts'

function fieldsOf(source: string | Buffer): readonly (readonly [string, string])[] {
  const bytes = typeof source === 'string' ? Buffer.from(source) : source
  return scanHeaders(bytes).fields.map(({ name, value }) => [name, value])
}

test('a value is unfolded and trimmed', () => {
  expect(
    fieldsOf(
      'Subject:  Two \t\r\nTo:ada@example.com\nX-Long: {"a": 1,\r\n "b": [2,\r\n\t3]}\r\nEmpty:\r\nBlank: \r\n \r\n\r\nBody: no\r\n',
    ),
  ).toEqual([
    ['Subject', 'Two'],
    ['To', 'ada@example.com'],
    ['X-Long', '{"a": 1, "b": [2,\t3]}'],
    ['Empty', ''],
    ['Blank', ''],
  ])
})

test('a value is read as UTF-8, otherwise as Latin-1', () => {
  expect(fieldsOf('Subject: Grüße, Zoë\r\n\r\n')).toEqual([['Subject', 'Grüße, Zoë']])
  expect(fieldsOf(Buffer.from('Subject: Gr\xfc\xdfe\r\n\r\n', 'latin1'))).toEqual([
    ['Subject', 'Grüße'],
  ])
})

test('a line that is not a field is skipped, and a name may have blanks after it', () => {
  expect(
    fieldsOf('From ada Mon Nov 23\r\nno field\r\n: none\r\nTo : ada\r\nb c: d\r\n\r\n'),
  ).toEqual([['To', 'ada']])
})
