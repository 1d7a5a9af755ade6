import { readFileSync } from 'node:fs'
import { packageFolder } from './package-folder.ts'

const packageJson = JSON.parse(readFileSync(new URL('package.json', packageFolder), 'utf8')) as {
  version: string
}

/** This package's version. */
export const version: string = packageJson.version
