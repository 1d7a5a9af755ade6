import { defineConfig } from 'vite'

/** What package.json and the reference generator enter by; the rest of `src` goes into chunks beside them. */
const doors = [
  'index',
  'main',
  'client/index',
  'matchers/vitest',
  'matchers/jest',
  'matchers/node-test',
]

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
      input: Object.fromEntries([...doors, 'tables'].map((door) => [door, `src/${door}.ts`])),
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
