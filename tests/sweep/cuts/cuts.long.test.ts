import { describe, expect, test } from 'vitest'
import { untrueEnds, untrueSplits } from './cuts.ts'
import { nameOf, waysOver } from '../scene/ways.ts'

describe.each(waysOver('starttls').map((way) => [nameOf(way), way] as const))(
  '%s',
  (_name, way) => {
    test.each(['end', 'drop'] as const)(
      'F1, F3: a session that ends at any byte of the replies (%s) comes to its true word',
      async (how) => {
        await expect(untrueEnds(way, how)).resolves.toEqual([])
      },
    )

    test('F19: replies split at any byte are the same replies', async () => {
      await expect(untrueSplits(way)).resolves.toEqual([])
    })
  },
)
