import { defineProject, mergeConfig } from 'vitest/config'
import { shared } from '../vitest.shared.ts'

export default mergeConfig(
  shared,
  defineProject({
    test: {
      name: 'tests',
      include: ['**/*.test.ts'],
      exclude: ['**/node_modules/**', '**/*.long.test.ts'],
      testTimeout: 60_000,
      hookTimeout: 120_000,
    },
  }),
)
