import { defineConfig } from 'vite'

/** What package.json and the reference generator enter by; the rest of `src` goes into chunks beside them. */
const doors = {
  index: 'src/index.ts',
  main: 'src/command-line/main.ts',
  tables: 'src/tables.ts',
  'client/index': 'src/client/index.ts',
  'matchers/vitest': 'src/matchers/vitest.ts',
  'matchers/jest': 'src/matchers/jest.ts',
  'matchers/node-test': 'src/matchers/node-test.ts',
}

/**
 * The library in a few files: a test process pays for each module that it loads, and this one has a hundred.
 *
 * Types are not bundled; `tsc` writes them.
 */
export default defineConfig({
  publicDir: false,
  build: {
    ssr: true,
    target: 'node20',
    outDir: 'dist',
    // Types and the page come after.
    emptyOutDir: true,
    minify: false,
    sourcemap: true,
    rolldownOptions: {
      input: doors,
      // Every dependency stays one: nothing is loaded twice beside a caller's own.
      external: (id) => !/^[./]/.test(id) && !id.startsWith('src/'),
      output: {
        entryFileNames: '[name].js',
        // Beside index.js: code in a chunk finds the package from there.
        chunkFileNames: '[name].js',
      },
    },
  },
})
