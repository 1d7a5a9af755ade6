import { createMailgunEmulator, type MailgunEmulator } from '@mailgun-smtp/emulator'
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import { browser } from '../../browser/chromium/browser-tests.ts'
import { type Kit, NextApp } from './next-app.ts'
import type { RunningSite } from './running-site.ts'
import { Visitors } from './visitor.ts'

if (browser.absence !== undefined) console.warn(`Visits are skipped: ${browser.absence}.`)

/** How an app is run. */
export type Mode = 'production' | 'standalone' | 'development'

/** A site that runs, the mail it sends and the people who visit it. */
export interface World {
  readonly app: NextApp
  readonly emulator: MailgunEmulator
  readonly site: RunningSite
  readonly visitors: Visitors
}

/** On a machine that is busy, in milliseconds. */
const aBuild = 600_000

/** Makes a world for all tests of a `describe`, and ends it after them; the mail of each test is its own. */
export function world(kit: Kit, mode: Mode): World {
  const parts: { -readonly [Part in keyof World]?: World[Part] } = {}

  beforeAll(async () => {
    parts.emulator = await createMailgunEmulator({ httpPort: false })
    parts.app = new NextApp(kit)
    if (mode !== 'development') await parts.app.build(parts.emulator)
    parts.site = await starts[mode](parts.app, parts.emulator)
    parts.visitors = await Visitors.begin()
  }, aBuild)

  afterAll(async () => {
    await parts.visitors?.[Symbol.asyncDispose]()
    await parts.site?.[Symbol.asyncDispose]()
    parts.app?.[Symbol.dispose]()
    await parts.emulator?.close()
  })

  beforeEach(() => parts.emulator?.reset())
  afterEach(() => parts.visitors?.closePages())

  const part = <Name extends keyof World>(name: Name): World[Name] => {
    const found = parts[name]
    if (!found) throw new Error(`There is no ${name} yet.`)
    return found as World[Name]
  }
  return {
    get app() {
      return part('app')
    },
    get emulator() {
      return part('emulator')
    },
    get site() {
      return part('site')
    },
    get visitors() {
      return part('visitors')
    },
  }
}

const starts: Readonly<
  Record<Mode, (app: NextApp, emulator: MailgunEmulator) => Promise<RunningSite>>
> = {
  production: (app, emulator) => app.start(emulator),
  standalone: (app, emulator) => app.startStandalone(emulator),
  development: (app, emulator) => app.dev(emulator),
}
