import { describe, expect, it } from 'vitest'
import { readPeople } from '../src/shop/people.ts'

describe('a list of people', () => {
  it('is read as names and addresses, one a line', () => {
    const { people, bad } = readPeople(
      'Ada Lovelace <ada@example.com>\n\n  "Turing, Alan" <alan@example.com>  \ngrace@example.com\n',
    )

    expect(people).toEqual([
      { name: 'Ada Lovelace', address: 'ada@example.com', first: 'Ada' },
      { name: 'Turing, Alan', address: 'alan@example.com', first: 'Alan' },
      { name: '', address: 'grace@example.com', first: 'grace' },
    ])
    expect(bad).toEqual([])
  })

  it('reads quoted quotes', () => {
    const { people } = readPeople(String.raw`"Ada \"Countess\" \\ Lovelace" <ada@example.com>`)

    expect(people[0]?.name).toBe(String.raw`Ada "Countess" \ Lovelace`)
  })

  it('says which line repeats an address, whatever its case', () => {
    const { people, bad } = readPeople('ada@example.com\n\nAda <ADA@example.com>')

    expect(people).toHaveLength(1)
    expect(bad).toEqual([{ line: 3, reason: 'is the address of line 1 again' }])
  })

  it.each([
    'Ada Lovelace',
    'ada@',
    '@example.com',
    'Ada <ada@example.com> <eve@example.com>',
    'ada@example.com, eve@example.com',
    'ada@example.com; eve@example.com',
    'Ada <ada@example.com',
    'ada@example.com>',
    '<>',
    '>',
    'Ada <ada@example.com>, eve@example.com',
    'ada@example.com\u2028eve@example.com',
  ])('refuses %j, which is not one person', (line) => {
    expect(readPeople(`grace@example.com\n${line}`).bad).toEqual([
      { line: 2, reason: 'is not a name and an address: Ada Lovelace <ada@example.com>' },
    ])
  })
})

describe("the name in a letter's greeting", () => {
  it.each([
    ['Zoë Quinn', 'Zoë'],
    ['Lovelace, Ada', 'Ada'],
    ["D'Arcy Thompson", "D'Arcy"],
    ['Jean-Luc Picard', 'Jean-Luc'],
    ['李 明', '李'],
    ['<b>Bobby</b> Tables', 'bBobbyb'],
    ['%recipient.email% Smith', 'recipient.email'],
    ['"); DROP', 'DROP'],
    ['😀', 'eve'],
    ['  ', 'eve'],
    ['& &amp; Sons', 'amp'],
  ])('for %j is %j: nothing that HTML or Mailgun would read', (name, first) => {
    expect(readPeople(`${name} <eve@example.com>`).people[0]?.first).toBe(first)
  })

  it('is a friend if neither name nor address says', () => {
    expect(readPeople('!! <*+*@example.com>').people[0]?.first).toBe('friend')
  })
})
