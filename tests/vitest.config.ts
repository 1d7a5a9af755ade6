import { defineProject, mergeConfig } from 'vitest/config'
import { shared } from '../vitest.shared.ts'
import { tier } from './tier.ts'

const files = {
  quick: { include: ['**/*.test.ts'], exclude: ['**/*.{long,nightly}.test.ts'] },
  long: { include: ['**/*.test.ts'], exclude: ['**/*.nightly.test.ts'] },
  nightly: { include: ['**/*.{long,nightly}.test.ts'], exclude: [] },
} as const

const { include, exclude } = files[tier]

export default mergeConfig(
  shared,
  defineProject({
    test: {
      name: 'tests',
      include: [...include],
      exclude: ['**/node_modules/**', '**/.*/**', ...exclude],
      globalSetup: ['published/pack.ts'],
      testTimeout: tier === 'quick' ? 60_000 : 900_000,
      hookTimeout: 120_000,
    },
  }),
)
