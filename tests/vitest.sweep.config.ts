import { defineConfig } from 'vitest/config'

/** The long sweep: minutes of faults, load and fuzzing, for which `npm test` does not wait. */
export default defineConfig({
  test: {
    name: 'sweep',
    include: ['sweep/**/*.long.test.ts'],
    testTimeout: 300_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
  },
})
