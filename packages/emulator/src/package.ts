import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { packageFolder as folder } from './package-folder.cjs'

/** The folder of this package. */
export const packageFolder: URL = pathToFileURL(`${folder}/`)

const packageJson = JSON.parse(readFileSync(new URL('package.json', packageFolder), 'utf8')) as {
  version: string
}

/** This package's version. */
export const version: string = packageJson.version
