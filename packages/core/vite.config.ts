import { defineConfig } from 'vite'

/** What package.json enters by. The rest of `src` goes into chunks beside them. */
const doors = {
  index: 'src/index.ts',
  doctor: 'src/doctor.ts',
  headers: 'src/headers.ts',
  jest: 'src/jest.ts',
  main: 'src/command-line/main.ts',
  matchers: 'src/matchers.ts',
  'node-test': 'src/node-test.ts',
  testing: 'src/testing.ts',
  vitest: 'src/vitest.ts',
}

/**
 * As few files as the doors allow, each with what is loaded together. The first group is all that `./headers` needs, the second
 * what `./doctor` needs besides, the third whatever sends, with nodemailer.
 */
const groups = [
  // What the emulator's page needs of ./matchers, apart from what needs Node.
  { name: 'links', test: /\/src\/testing\/(?:html-tags|links|shown-text)/, priority: 5 },
  {
    name: 'options',
    test: /\/src\/(?:headers|options\/(?!scope|merged)|outcome\/errors)/,
    priority: 4,
  },
  { name: 'settings', test: /\/src\/(?:outcome|config|regions|process-wide)/, priority: 3 },
  {
    name: 'matching',
    test: /\/src\/(?:matchers|testing\/(?!outbox|captured-message))/,
    priority: 2,
  },
  {
    name: 'sending',
    test: /\/src\/(?:batch|delivery|idempotency|mailer|message|nodemailer|observe|options|session|transport)\//,
    priority: 1,
  },
]

/**
 * The library in a few files: a process pays for each module that it loads, and this one has more than a hundred.
 *
 * Types are not bundled; `tsc` writes them.
 */
export default defineConfig({
  publicDir: false,
  build: {
    ssr: true,
    target: 'node20',
    outDir: 'dist',
    // Types come after.
    emptyOutDir: true,
    minify: false,
    sourcemap: true,
    rolldownOptions: {
      input: doors,
      // Every dependency stays one: nothing is loaded twice beside a caller's own. The compiler's help for `using` comes in.
      external: (id) => !/^[./]|^src\/|^@oxc-project\/runtime/.test(id),
      output: {
        entryFileNames: '[name].js',
        // Beside index.js: version.ts finds package.json from there.
        chunkFileNames: '[name].js',
        codeSplitting: { groups },
        // The types and the source maps have them.
        comments: { annotation: true, legal: true, jsdoc: false },
      },
    },
  },
})
