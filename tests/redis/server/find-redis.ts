import { spawnSync } from 'node:child_process'
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A Redis server to start. */
export interface InstalledRedis {
  readonly path: string
  /** What it needs in its environment. */
  readonly environment?: Readonly<Record<string, string>>
  readonly absence?: undefined
}

/** A Redis server to start, or why there is none. */
export type FoundRedis = InstalledRedis | { readonly path?: undefined; readonly absence: string }

const names = ['redis-server', 'valkey-server']

/** The packages of Debian and its kin that hold the server, and the libraries that a small system lacks. */
const packages = ['redis-server', 'redis-tools', 'libjemalloc2', 'liblzf1', 'libatomic1']

const cache = fileURLToPath(new URL('../../node_modules/.cache/', import.meta.url))

/** Finds a server: one on the machine, or where the system has `apt-get` one from its packages, which are not installed. */
export function findRedis(): FoundRedis {
  const path = (process.env.PATH ?? '')
    .split(delimiter)
    .flatMap((folder) => (folder ? names.map((name) => join(folder, name)) : []))
    .find(isExecutable)
  return path ? { path } : unpackedRedis()
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function unpackedRedis(): FoundRedis {
  const absence = 'there is no redis-server or valkey-server here: install one'
  if (process.platform !== 'linux') return { absence }
  const folder = join(cache, 'redis')
  if (!existsSync(folder) && !unpackInto(folder)) return { absence }
  const path = join(folder, 'usr/bin/redis-server')
  const libraries = join(folder, 'usr/lib')
  const environment = {
    LD_LIBRARY_PATH: [libraries, ...foldersIn(libraries)].join(':'),
  }
  const { status } = spawnSync(path, ['--version'], { env: environment })
  return status === 0
    ? { path, environment }
    : { absence: `${absence}; the packaged one does not run` }
}

function foldersIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(folder, name))
}

function unpackInto(folder: string): boolean {
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
