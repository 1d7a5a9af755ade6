import { expect, it } from 'vitest'
import { describeInBrowser } from '../browser/chromium/browser-tests.ts'
import { post, readPage } from './world/stranger.ts'
import { visits } from './promises/visits.ts'
import { world } from './world/world.ts'

describeInBrowser('a site on Next.js 15.1, the oldest that is supported', () => {
  const old = world({ next: '15.1', bundler: 'webpack', reactEmail: false }, 'production')

  visits(old, { scripts: [true] })

  it.each([undefined, 'https://evil.test'])(
    'mails nothing where it hides the request, and says why: Origin %s',
    async (origin) => {
      const form = await readPage(`${old.site.url}/contact`)
      const fields = [
        ['name', 'Ada'],
        ['email', 'ada@example.com'],
        ['text', 'Hi'],
      ] as const

      await post(form, { fields, headers: { Origin: origin } })
      await post(form, { fields })

      expect(await old.site.log.waitFor(/Update to Next\.js 15\.2/)).not.toContain('ada@example')
      expect(old.emulator.submissions).toEqual([])
    },
  )
})
