import { readFileSync } from 'node:fs'

const manifest = new URL('../../node_modules/@nestjs/core/package.json', import.meta.url)

/** The major version of Nest that these tests run with. */
export const nestMajor: number = Number.parseInt(
  (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version,
  10,
)

/** Nest 12 writes what a route's generator yields to the response; Nest 11 knows no such routes. */
export const streamsGenerators: boolean = nestMajor >= 12
