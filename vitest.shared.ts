import { defineConfig } from 'vitest/config'

/** What every package's tests have in common: where they lie and the report that is counted. */
export const shared = defineConfig({
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    // A slow machine is not a fault: only a promise that never settles is.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ['default', ['json', { outputFile: 'test-results.json' }]],
  },
})
