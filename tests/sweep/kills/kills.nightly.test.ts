import { expect, test } from 'vitest'
import { seed } from '../scene/seed.ts'
import { killBatch } from './kills.ts'

test(`a batch with partly refused chunks, killed at fifty moments, sends no second copy, reaches everyone deferred, and leaves only what can be settled (SWEEP_SEED=${seed})`, async () => {
  const { violations, busy, gone, settled } = await killBatch(50, seed)

  expect(violations).toEqual([])
  // Chunks were partly refused, and a death left something to settle.
  expect(Math.min(busy, gone, settled)).toBeGreaterThan(0)
})
