import { expect, test } from 'vitest'
import { kinds } from './kinds.ts'
import { walk } from './walk.ts'

// The same sends at each run: what fails here fails again.
test('whatever a server does, what is said of each recipient is what its own ledger says', async () => {
  const { kinds: walked, violations } = await walk(kinds.length * 2, 1)

  expect(violations).toEqual([])
  expect(walked).toBe(kinds.length)
})
