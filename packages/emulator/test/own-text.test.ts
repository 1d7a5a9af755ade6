import { expect, test } from 'vitest'
import { ownText } from '../src/own-text.ts'

test.each([
  ['empty', ''],
  ['of one byte a character', 'Zoë <zoe@example.com>'],
  ['of more', '日本語 😀'],
  ['longer than what is remembered', 'é'.repeat(5_000)],
  ['longer than its scratch', '語'.repeat(20_000)],
])('a text %s is the same text', (_, text) => {
  expect(ownText(text)).toBe(text)
  expect(ownText(`${text}x`.slice(0, -1))).toBe(text)
})

test('texts stay apart, however many there are', () => {
  const texts = Array.from({ length: 5_000 }, (_, at) => `<${at}@mg.example.com>`)

  expect(texts.map(ownText)).toEqual(texts)
  expect(texts.map(ownText)).toEqual(texts)
})
