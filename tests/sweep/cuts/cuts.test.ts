import { expect, test } from 'vitest'
import { untrueEnds, untrueSplits } from './cuts.ts'
import type { Way } from '../scene/ways.ts'

const way: Way = { pool: false, pipelining: true, port: 'starttls' }
/** Hundreds of sessions: a slow machine is no fault. In milliseconds. */
const timeLimit = 300_000

test(
  'F1, F3: a session that ends at any byte of the replies comes to its true word',
  async () => {
    await expect(untrueEnds(way, 'end')).resolves.toEqual([])
  },
  timeLimit,
)

test(
  'F19: replies split at any byte are the same replies',
  async () => {
    await expect(untrueSplits(way)).resolves.toEqual([])
  },
  timeLimit,
)
