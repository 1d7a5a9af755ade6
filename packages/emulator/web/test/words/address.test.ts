import { describe, expect, it } from 'vitest'
import { shortAddress, splitAddress } from '../../words/address.ts'

describe('splitAddress', () => {
  it.each([
    ['Lamplight <hello@mg.example.com>', 'Lamplight', 'hello@mg.example.com'],
    ['"Hopper, Grace" <grace@example.com>', 'Hopper, Grace', 'grace@example.com'],
    [String.raw`"a \"quoted\" name" <a@example.com>`, 'a "quoted" name', 'a@example.com'],
    ['Hopper, Grace <grace@example.com>', 'Hopper, Grace', 'grace@example.com'],
    ['<ada@example.com>', '', 'ada@example.com'],
    ['ada@example.com', '', 'ada@example.com'],
    ['', '', ''],
  ])('takes %j apart', (header, name, address) => {
    expect(splitAddress(header)).toEqual({ name, address })
  })

  it('leaves several addresses as they are', () => {
    for (const header of [
      'Ada <ada@example.com>, Grace <grace@example.com>',
      'ada@example.com, Grace <grace@example.com>',
    ]) {
      expect(splitAddress(header)).toEqual({ name: '', address: header })
    }
  })

  it('answers at once to a header made to keep it busy', () => {
    expect(splitAddress(`${' '.repeat(50_000)}<`).name).toBe('')
    expect(splitAddress(`"${'\\'.repeat(50_000)}<a@b>`).name).toBe('')
  })
})

describe('shortAddress', () => {
  it('prefers the name', () => {
    expect(shortAddress('Lamplight <hello@mg.example.com>')).toBe('Lamplight')
    expect(shortAddress('<hello@mg.example.com>')).toBe('hello@mg.example.com')
  })
})
