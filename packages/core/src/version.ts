import { createRequire } from 'node:module'

// The same path from src/version.ts and from a chunk in dist/.
const packageJson = createRequire(import.meta.url)('../package.json') as { version: string }

/** This package's version. */
export const version: string = packageJson.version
