import { defineProject, mergeConfig } from 'vitest/config'
import { shared } from '../vitest.shared.ts'

export default mergeConfig(
  shared,
  defineProject({
    test: {
      name: 'tests',
      include: ['**/*.test.ts'],
      exclude: ['**/node_modules/**', '**/*.long.test.ts'],
      hookTimeout: 120_000,
      // The longest of all by far, and mostly waiting for browsers, servers and installations.
      maxWorkers: 2,
    },
  }),
)
