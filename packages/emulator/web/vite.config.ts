import { defineConfig } from 'vite'

export default defineConfig({
  // A proxy may put the page below a path of its own.
  base: './',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    // The page holds Preact's code, whose licence asks for its notice.
    license: { fileName: 'third-party-licenses.md' },
    // The page's policy allows no inline script and only files of its own.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
})
