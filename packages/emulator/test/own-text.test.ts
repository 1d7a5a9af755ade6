import { describe, expect, test } from 'vitest'
import { ownText, sharedText } from '../src/own-text.ts'

describe.each([
  ['of its own', ownText],
  ['that is shared', sharedText],
])('a text %s', (_, take) => {
  test.each([
    ['empty', ''],
    ['of one byte a character', 'Zoë <zoe@example.com>'],
    ['of more', '日本語 😀'],
    ['longer than what is shared', 'é'.repeat(5_000)],
    ['longer than the room to copy in', '語'.repeat(20_000)],
  ])('is the same text: one %s', (__, text) => {
    expect(take(text)).toBe(text)
    expect(take(`${text}x`.slice(0, -1))).toBe(text)
  })

  test('stays apart from others, however many there are', () => {
    const texts = Array.from({ length: 5_000 }, (__, at) => `<${at}@mg.example.com>`)

    expect(texts.map(take)).toEqual(texts)
    expect(texts.map(take)).toEqual(texts)
  })
})
