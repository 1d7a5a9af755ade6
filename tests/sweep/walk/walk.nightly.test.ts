import { expect, test } from 'vitest'
import { seed } from '../scene/seed.ts'
import { kinds } from './kinds.ts'
import { walk } from './walk.ts'

test(`in 12,000 sends too (SWEEP_SEED=${seed})`, async () => {
  const { kinds: walked, violations } = await walk(12_000, seed, 16)

  expect(violations).toEqual([])
  expect(walked).toBe(kinds.length)
})
