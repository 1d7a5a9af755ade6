import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

/** One worker for each core, as half of the work is to wait for servers, browsers and other processes. */
export const cores: number = availableParallelism()

/** What every package's tests have in common. */
export const shared = defineConfig({
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    // One thread runs many files, and loads the package and its dependencies once. A test leaves nothing behind.
    pool: 'threads',
    isolate: false,
    maxWorkers: cores,
    // A slow machine is not a fault: only a promise that never settles is.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
