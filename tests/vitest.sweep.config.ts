import { defineConfig } from 'vitest/config'

/** What takes minutes: faults, load, fuzzing, and built Next.js apps. `npm test` does not wait for it. */
export default defineConfig({
  test: {
    name: 'sweep',
    include: ['**/*.long.test.ts'],
    testTimeout: 900_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
  },
})
