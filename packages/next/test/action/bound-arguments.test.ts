import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { checkBound, readCall, textsIn } from '../../src/action/bound-arguments.ts'

describe('the arguments of a call', () => {
  test('are the bound ones, the previous state, the form', () => {
    const data = new FormData()

    expect(readCall([{ status: 'idle' }, data])).toEqual({ bound: [], data })
    expect(readCall(['sales', 2, { status: 'idle' }, data])).toEqual({ bound: ['sales', 2], data })
  })

  test.each([[[]], [[{}]], [[new FormData()]], [[{}, {}]], [[new FormData(), 'text']]])(
    'are not a call of a form: %j',
    (given) => {
      expect(readCall(given)).toBeUndefined()
    },
  )
})

describe('bound arguments', () => {
  const schema = z.tuple([z.enum(['sales', 'support']).transform((name) => name.length)])

  test('are what their schema gives', async () => {
    expect(await checkBound(['sales'], schema)).toEqual([5])
  })

  test.each([[[]], [['eve@example.org']], [['sales', 'more']], [[{ toString: 'sales' }]]])(
    'are not those that the app bound: %j',
    async (bound) => {
      expect(await checkBound(bound, schema)).toBeUndefined()
    },
  )

  test('are an empty list without a schema', async () => {
    expect(await checkBound([], undefined)).toEqual([])
    expect(await checkBound(['sales'], undefined)).toBeUndefined()
  })
})

test('textsIn gives up on more values or characters than the limit', () => {
  const many = Array.from({ length: 11 }, () => 1 as unknown)

  expect(textsIn(many, 10)).toBeUndefined()
  expect(textsIn([[many]], 10)).toBeUndefined()
  expect(textsIn(['12345', '678901'], 10)).toBeUndefined()
  expect(textsIn(['ﷺ'], 10)).toBeUndefined()
  expect(textsIn(['12345', '67890'], 12)).toEqual(['67890', '12345'])
})

test('textsIn finds every string, whatever it is wrapped in, and ends', () => {
  const ring: Record<string, unknown> = { name: 'in a ring' }
  ring.self = ring
  const data = new FormData()
  data.append('field', 'in a form')
  data.append('file', new File([], 'name of a file'))

  const texts = textsIn(
    [
      'plain',
      1,
      null,
      ['in a list', { key: 'in a record' }],
      new Map([['in a map', new Set(['in a set'])]]),
      data,
      ring,
    ],
    1000,
  )

  expect(texts).toEqual(
    expect.arrayContaining([
      'plain',
      'in a list',
      'key',
      'in a record',
      'in a map',
      'in a set',
      'in a form',
      'name of a file',
      'in a ring',
    ]),
  )
})
