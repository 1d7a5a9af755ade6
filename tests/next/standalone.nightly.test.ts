import { describeInBrowser } from '../browser/chromium/browser-tests.ts'
import { visits } from './promises/visits.ts'
import { world } from './world/world.ts'

describeInBrowser(
  'a site on Next.js 16, built by webpack to stand alone, with cache components',
  () => {
    const site = world(
      {
        next: '16',
        bundler: 'webpack',
        reactEmail: true,
        config: { output: 'standalone', cacheComponents: true },
        files: { 'lib/wait.ts': "export { Suspense as Wait } from 'react'" },
      },
      'standalone',
    )

    // What is within a Suspense comes into the page by a script.
    visits(site, { stampScripts: [true] })
  },
)
