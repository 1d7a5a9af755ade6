import { describe, expect, it } from 'vitest'
import { paragraphs, readNewsletter, tomorrowAt } from '../src/express/newsletter.ts'
import { UnusableForm } from '../src/shop/form.ts'
import { mostPeople } from '../src/shop/people.ts'

const filledIn = { people: 'Ada <ada@example.com>', subject: 'Hello', text: 'Dear you' }

function problemsOf(form: object): unknown {
  try {
    readNewsletter({ ...filledIn, ...form })
    return undefined
  } catch (error) {
    return error instanceof UnusableForm ? error.problems : error
  }
}

describe('the newsletter form', () => {
  it('gives people, subject and text', () => {
    const { people, ...letter } = readNewsletter(filledIn)

    expect(people.map(({ address }) => address)).toEqual(['ada@example.com'])
    expect(letter).toEqual({ subject: 'Hello', text: 'Dear you' })
  })

  it('names the line that cannot be used', () => {
    expect(problemsOf({ people: 'ada@example.com\r\nnobody' })).toEqual({
      people: 'Line 2 is not a name and an address: Ada Lovelace <ada@example.com>.',
    })
  })

  it('wants every field', () => {
    expect(Object.keys(problemsOf({ people: ' ', subject: '', text: ['a'] }) as object)).toEqual([
      'people',
      'subject',
      'text',
    ])
  })

  it('writes to a limited number', () => {
    const crowd = (count: number) => ({
      people: Array.from({ length: count }, (_, index) => `p${index}@example.com`).join('\n'),
    })

    expect(problemsOf(crowd(mostPeople))).toBeUndefined()
    expect(problemsOf(crowd(mostPeople + 1))).toEqual({ people: 'At most 50 people, please.' })
  })
})

describe('tomorrow at nine', () => {
  it.each([
    [new Date(2026, 10, 23, 0, 0), new Date(2026, 10, 24, 9)],
    [new Date(2026, 11, 31, 23, 59), new Date(2027, 0, 1, 9)],
    // The clocks change in this night, in one half of the world or the other.
    [new Date(2026, 2, 28, 12), new Date(2026, 2, 29, 9)],
    [new Date(2026, 9, 24, 12), new Date(2026, 9, 25, 9)],
  ])('after %s is %s', (now, then) => {
    expect(tomorrowAt(9, now)).toEqual(then)
  })
})

it('empty lines separate paragraphs', () => {
  expect(paragraphs('a\nb\n\n\nc\n\n \n\nd')).toEqual(['a\nb', 'c', 'd'])
})
