import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Packages of Debian or its kin that are unpacked into a folder, and not installed. */
export interface Unpacked {
  readonly folder: string
  /** The folders of their shared libraries, for `LD_LIBRARY_PATH`. */
  readonly libraries: string
}

const cache = fileURLToPath(new URL('../../node_modules/.cache/', import.meta.url))

/**
 * Fetches packages with `apt-get`, and unpacks them once into a folder of the cache.
 *
 * @returns undefined where the system does not have these packages.
 */
export function unpackPackages(name: string, packages: readonly string[]): Unpacked | undefined {
  if (process.platform !== 'linux') return undefined
  const folder = join(cache, name)
  if (!existsSync(folder) && !unpackInto(folder, packages)) return undefined
  const own = join(folder, 'usr/lib')
  const libraries = existsSync(own) ? [own, ...foldersIn(own)].join(':') : ''
  return { folder, libraries }
}

function foldersIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(folder, name))
}

function unpackInto(folder: string, packages: readonly string[]): boolean {
  mkdirSync(cache, { recursive: true })
  const fetched = mkdtempSync(join(cache, 'fetched-'))
  try {
    const downloaded = spawnSync('apt-get', ['download', '-qq', ...packages], {
      cwd: fetched,
      timeout: 60_000,
    })
    if (downloaded.status !== 0) return false
    const unpacked = join(fetched, 'unpacked')
    for (const name of readdirSync(fetched)) {
      if (spawnSync('dpkg', ['-x', join(fetched, name), unpacked]).status !== 0) return false
    }
    // At once, so that nobody finds half of it. Another process may have been faster.
    if (!existsSync(folder)) renameSync(unpacked, folder)
    return true
  } finally {
    rmSync(fetched, { recursive: true, force: true })
  }
}
