import { readFileSync } from 'node:fs'
import { defineConfig, type Plugin } from 'vite'

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

/** Puts the one CommonJS file beside the chunks as it is: a bundled copy could not say where the package lies. */
function packageFolderFile(): Plugin {
  const fileName = 'package-folder.cjs'
  return {
    name: 'package-folder',
    enforce: 'pre',
    resolveId: (id) =>
      id.endsWith(`/${fileName}`) ? { id: `./${fileName}`, external: true } : null,
    generateBundle() {
      this.emitFile({ type: 'asset', fileName, source: readFileSync(`src/${fileName}`) })
    },
  }
}

/**
 * The library in a few files: a test process pays for each module that it loads, and this one has a hundred.
 *
 * Types are not bundled; `tsc` writes them.
 */
export default defineConfig({
  publicDir: false,
  plugins: [packageFolderFile()],
  build: {
    ssr: true,
    // The one asset is package-folder.cjs.
    ssrEmitAssets: true,
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
