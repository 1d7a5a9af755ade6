import { describe } from 'vitest'
import { findChromium, type FoundBrowser } from './find-chromium.ts'

/** The browser that these tests drive. */
export const browser: FoundBrowser = await findChromium()

const isSkipped = browser.absence !== undefined && process.env.CI !== 'true'
if (isSkipped) console.warn(`Browser tests are skipped: ${browser.absence}.`)

/** `describe`, skipped with its reason printed where there is no browser; in CI that is a failure. */
export const describeInBrowser: typeof describe = isSkipped
  ? (describe.skip as typeof describe)
  : describe
