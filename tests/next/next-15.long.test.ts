import { describeInBrowser } from '../browser/browser-tests.ts'
import { visits } from './visits.ts'
import { world } from './world.ts'

describeInBrowser('a site on Next.js 15.1, the oldest that is supported', () => {
  // Without @react-email/render, which an app may leave out.
  visits(world({ next: '15.1', bundler: 'webpack', reactEmail: false }, 'production'))
})
