import { describe, expect, test } from 'vitest'
import { tooLargeState } from '../../src/form/form-size.ts'

function form(...entries: readonly (readonly [string, string | File])[]): FormData {
  const data = new FormData()
  for (const [name, value] of entries) data.append(name, value)
  return data
}
const file = (bytes: number) => new File(['x'.repeat(bytes)], 'a.txt')

describe('the size of a form', () => {
  test('is what its files and values have in bytes together', () => {
    const data = form(['text', 'ä'], ['file', file(6)])

    expect(tooLargeState(data, { maxBytes: 8 })).toBeUndefined()
    expect(tooLargeState(data, { maxBytes: 7 })).toBeDefined()
  })

  test('may be a million bytes by default, as Next.js takes little more', () => {
    expect(tooLargeState(form(['file', file(1_000_000)]), {})).toBeUndefined()
    expect(tooLargeState(form(['file', file(1_000_001)]), {})).toBeDefined()
  })

  test('is complained of at the largest file, and what was typed is kept', () => {
    const data = form(
      ['name', 'Ada'],
      ['password', 'canary'],
      ['topic', 'a'],
      ['topic', 'b'],
      ['small', file(2)],
      ['large', file(5)],
    )

    expect(tooLargeState(data, { maxBytes: 1, tooLarge: 'Zu groß.' })).toEqual({
      status: 'invalid',
      fieldErrors: { large: ['Zu groß.'] },
      formErrors: [],
      values: { name: 'Ada', topic: ['a', 'b'] },
    })
  })

  test('too large without a file is an error of the whole form', () => {
    expect(tooLargeState(form(['text', 'long']), { maxBytes: 3 })).toEqual({
      status: 'invalid',
      fieldErrors: {},
      formErrors: ['This is too large to be sent.'],
      values: { text: 'long' },
    })
  })
})
