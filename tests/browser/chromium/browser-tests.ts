import { describe } from 'vitest'
import { findChromium, type FoundBrowser } from './find-chromium.ts'

/** The browser that these tests drive, or why there is none. */
export const browser: FoundBrowser = await findChromium()

if (browser.absence !== undefined && process.env.CI === 'true') {
  throw new Error(`There is no browser: ${browser.absence}.`)
}

/** `describe`, skipped where there is no browser. In CI that is a failure. */
export const describeInBrowser: typeof describe = (
  browser.absence === undefined ? describe : describe.skip
) as typeof describe
