import { describe, expect, test } from 'vitest'
import { volume } from '../../tier.ts'
import { nameOf, waysOver, type Way } from '../scene/ways.ts'
import { untrueEnds, untrueSplits } from './cuts.ts'

/** `npm test` cuts sessions of a single connection; a pool differs most from it. */
const pool: Way = { pool: true, pipelining: true, port: 'starttls' }
const ways = volume(waysOver('starttls'), [pool])

describe.each(ways.map((way) => [nameOf(way), way] as const))('%s', (_name, way) => {
  test.each(['end', 'drop'] as const)(
    'F1, F3: a session that ends at any byte of the replies (%s) comes to its true word',
    async (how) => {
      await expect(untrueEnds(way, how)).resolves.toEqual([])
    },
  )

  test('F19: replies split at any byte are the same replies', async () => {
    await expect(untrueSplits(way)).resolves.toEqual([])
  })
})
