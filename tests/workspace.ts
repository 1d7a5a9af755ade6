import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The folder of the whole project. */
export const root: string = fileURLToPath(new URL('..', import.meta.url))

/** A package.json, as far as these tests read it. */
export interface Manifest {
  readonly name: string
  readonly version: string
  readonly exports?: Readonly<Record<string, unknown>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
}

/** One published package. */
export interface Room {
  readonly name: string
  readonly folder: string
  readonly manifest: Manifest
}

/** The published packages. */
export const rooms: readonly Room[] = readdirSync(`${root}packages`).map((name) => {
  const folder = `${root}packages/${name}`
  const text = readFileSync(`${folder}/package.json`, 'utf8')
  return { name, folder, manifest: JSON.parse(text) as Manifest }
})

/** The files below a folder, by their endings, without what is installed or built. */
export function filesBelow(folder: string, endings: RegExp): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory()) {
      return /^(?:node_modules|dist|\..*)$/.test(entry.name) ? [] : filesBelow(path, endings)
    }
    return endings.test(entry.name) ? [path] : []
  })
}
