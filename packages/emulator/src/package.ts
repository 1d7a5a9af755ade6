import { readFileSync } from 'node:fs'

/** Where this package lies: the folder above `src`, and above the `dist` that all of `src` is bundled into. */
export const packageFolder: URL = new URL('../', import.meta.url)

const packageJson = JSON.parse(readFileSync(new URL('package.json', packageFolder), 'utf8')) as {
  version: string
}

/** This package's version. */
export const version: string = packageJson.version
