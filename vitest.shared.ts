import { defineConfig } from 'vitest/config'

/** What every package's tests have in common: where they lie and the report that is counted. */
export const shared = defineConfig({
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    reporters: ['default', ['json', { outputFile: 'test-results.json' }]],
  },
})
