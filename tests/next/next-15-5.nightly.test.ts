import { describeInBrowser } from '../browser/chromium/browser-tests.ts'
import { visits } from './promises/visits.ts'
import { world } from './world/world.ts'

// Without @react-email/render, which an app may leave out.
describeInBrowser('a site on Next.js 15.5', () => {
  visits(world({ next: '15.5', bundler: 'webpack', reactEmail: false }, 'production'))
})
