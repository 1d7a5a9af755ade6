import { expect, test } from 'vitest'
import { OpensAndClicks } from '../../src/tracking/opens-and-clicks.ts'

const at = new Date(0)

test('opens and clicks are those of one copy, in order', () => {
  const noted = new OpensAndClicks()

  noted.note('a-1', { at })
  noted.note('a-1', { at, url: 'https://one.test/', link: 1 })
  noted.note('a-2', { at, url: 'https://two.test/', link: 0 })
  noted.note('a-1', { at, url: 'https://zero.test/', link: 0 })

  expect(noted.opens('a-1')).toEqual([{ at }])
  expect(noted.clicks('a-1').map(({ link }) => link)).toEqual([1, 0])
  expect(noted.opens('a-2')).toEqual([])
  expect(noted.clicks('a-12')).toEqual([])
})

test('of too much the oldest goes first, and forgotten mail makes room', () => {
  const noted = new OpensAndClicks(2)

  noted.note('a-1', { at })
  noted.note('b-1', { at })
  noted.note('b-1', { at })
  expect([noted.opens('a-1').length, noted.opens('b-1').length]).toEqual([0, 2])

  noted.forget('b')
  noted.note('c-1', { at })
  noted.note('c-1', { at })
  expect([noted.opens('b-1').length, noted.opens('c-1').length]).toEqual([0, 2])
})
