import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { unpackPackages } from '../../debian/unpack.ts'

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
  const unpacked = unpackPackages('redis', packages)
  if (!unpacked) return { absence }
  const path = join(unpacked.folder, 'usr/bin/redis-server')
  const environment = { LD_LIBRARY_PATH: unpacked.libraries }
  const { status } = spawnSync(path, ['--version'], { env: environment })
  return status === 0
    ? { path, environment }
    : { absence: `${absence}; the packaged one does not run` }
}
