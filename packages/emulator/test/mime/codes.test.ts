import { expect, test } from 'vitest'
import { codesIn } from '../../src/mime/codes.ts'

test.each([
  ['Your code is 123456.', ['123456']],
  ['Code: 1234, then 87654321', ['1234', '87654321']],
  ['123 456 or 123-456', ['123456']],
  ['G-123456', []],
  ['$1234, 12.3456, 1234.50, order #123456, 2026-11-23, 123456789', []],
  ['https://a.test/123456?code=654321', []],
  ['nothing', []],
])('codes in %j are %j', (text, codes) => {
  expect(codesIn(text)).toEqual(codes)
})

test('codes in HTML are those that are shown', () => {
  const html = `<style>p { color: #123456; width: 1234px }</style><p title="999999">Code&nbsp;<b>482913</b></p>`

  expect(codesIn('Code 482913', html)).toEqual(['482913'])
})

test('hostile HTML costs no time', () => {
  const started = performance.now()

  for (const piece of ['<a ', '<style', '<style>', '<', '<a href="', 'https://', '1 ', '&#']) {
    const hostile = piece.repeat(50_000)
    codesIn(hostile, hostile)
  }

  expect(performance.now() - started).toBeLessThan(2_000)
})
