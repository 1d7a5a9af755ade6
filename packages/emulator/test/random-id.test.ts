import { expect, test } from 'vitest'
import { randomId } from '../src/random-id.ts'

test('ids are as long as asked for, and no two are the same', () => {
  const ids = Array.from({ length: 3_000 }, (_, at) => randomId(at % 2 ? 8 : 12))

  expect(ids.every((id, at) => id.length === (at % 2 ? 16 : 24) && /^[\da-f]+$/.test(id))).toBe(
    true,
  )
  expect(new Set(ids).size).toBe(ids.length)
})
