import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fetchChromium } from './packaged-chromium.ts'

/** A browser to drive, or why there is none. */
export type FoundBrowser =
  | {
      readonly path: string
      readonly args: readonly string[]
      /** What it needs in its environment. */
      readonly environment?: Readonly<Record<string, string>> | undefined
      readonly absence?: undefined
    }
  | { readonly path?: undefined; readonly absence: string }

/** Chromium as distributions and vendors name it. */
const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome']

const elsewhere = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
]

/** Needed in containers, and harmless for pages that are our own. */
const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run']

/**
 * Finds a browser: `CHROMIUM_PATH`, one on the machine, or on Linux one from the package
 * registry.
 */
export async function findChromium(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<FoundBrowser> {
  const { CHROMIUM_PATH: given, PATH = '' } = environment
  if (given) {
    return isExecutable(given)
      ? { path: given, args }
      : { absence: `CHROMIUM_PATH is ${given}, which cannot be run` }
  }
  const candidates = PATH.split(delimiter).flatMap((folder) =>
    folder ? names.map((name) => join(folder, name)) : [],
  )
  const path = [...candidates, ...elsewhere].find(isExecutable)
  return path ? { path, args } : await packagedChromium()
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

async function packagedChromium(): Promise<FoundBrowser> {
  const packaged = await fetchChromium()
  return packaged
    ? { ...packaged, args }
    : { absence: 'no Chromium or Chrome here: install one, or name it by CHROMIUM_PATH' }
}
