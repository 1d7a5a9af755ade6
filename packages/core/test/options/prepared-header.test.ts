import { expect, test } from 'vitest'
import { prepare } from '../../src/options/header-fields.ts'

// What no codec writes, in case one ever does: this check is the last before the wire.

test.each([
  ['another header', 'a\r\nX-Evil: 1'],
  ['a fold of its own before a character beyond ASCII', 'a\r\n é'],
  ['a carriage return', 'a\rb'],
  ['a line feed', { text: 'a\nb', folds: [1, 2] }],
  ['the end of the block', 'a\r\n\r\nbody\0'],
  ['NUL', 'a\0'],
  ['DEL', 'a\u007f'],
  ['a tabulator', 'a\tb'],
  ['a letter beyond ASCII', 'é'],
  ['a line of 999', 'x'.repeat(999 - 'X-Mailgun-Tag: '.length)],
])('a value with %s is refused', (_name, field) => {
  expect(() => prepare('tags', 'X-Mailgun-Tag', field)).toThrow(
    expect.objectContaining({ name: 'InvalidOptionError', path: 'tags' }) as Error,
  )
})

test('a value of the longest line is prepared as it is', () => {
  const value = 'x'.repeat(998 - 'X-Mailgun-Tag: '.length)

  expect(prepare('tags', 'X-Mailgun-Tag', value)).toEqual({ prepared: true, value })
})
