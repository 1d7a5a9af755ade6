import { describeInBrowser } from '../browser/browser-tests.ts'
import { visits } from './visits.ts'
import { world } from './world.ts'

describeInBrowser(
  'a site on Next.js 16, built by webpack to stand alone, with cache components',
  () => {
    visits(
      world(
        {
          next: '16',
          bundler: 'webpack',
          reactEmail: true,
          config: { output: 'standalone', cacheComponents: true },
        },
        'standalone',
      ),
    )
  },
)
