import { readdir, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { ConfigError } from '../../outcome/errors.ts'
import { lifeOf, thisProcess, type ProcessIdentity } from './process-identity.ts'

/**
 * Takes the file for this process, and gives what lets it go.
 *
 * Each process makes a lock file of its own name first and looks for others then, so of two that come at once at least
 * one sees the other. No name is used twice, so a process that finds the lock of a dead process may delete it.
 *
 * @throws {ConfigError} if another process has it.
 */
export async function takeLock(path: string): Promise<() => Promise<void>> {
  const self = await thisProcess()
  const own = `${path}${suffixOf(self)}`
  try {
    await writeFile(own, '', { flag: 'wx', mode: 0o600 })
  } catch (error) {
    if (Reflect.get(Object(error), 'code') !== 'EEXIST') throw error
    throw new ConfigError(
      `This process has ${path} open already, under another name or in another thread: share one store, or give each a file of its own.`,
    )
  }
  const release = (): Promise<void> => rm(own, { force: true })
  try {
    await refuseOthers(path, self, basename(own))
    return release
  } catch (error) {
    await release()
    throw error
  }
}

async function refuseOthers(path: string, self: ProcessIdentity, own: string): Promise<void> {
  const folder = dirname(path)
  for (const name of await readdir(folder)) {
    const other = name === own ? undefined : identityIn(name, basename(path))
    if (!other) continue
    const life = await lifeOf(other, self)
    if (life === 'dead') await rm(join(folder, name), { force: true })
    else throw new ConfigError(refusals[life](path, join(folder, name), other.pid))
  }
}

const refusals = {
  alive: (path: string, _lock: string, pid: number) =>
    `Process ${pid} has ${path} open: a store's file has one writer. Give each process a file of its own, or use a store over the network.`,
  'out of sight': (path: string, lock: string) =>
    `A process on another machine or in another container has ${path} open, or died there. If you know that it is gone, delete ${lock}.`,
} as const

function suffixOf({ pid, start, boot, place }: ProcessIdentity): string {
  return `.lock-${pid}-${start}-${boot}-${place}`
}

function identityIn(name: string, file: string): ProcessIdentity | undefined {
  if (!name.startsWith(file)) return undefined
  const match = /^\.lock-(\d+)-(\d+)-([\da-f]+)-([\da-f]+)$/.exec(name.slice(file.length))
  if (!match) return undefined
  const [, pid = '', start = '', boot = '', place = ''] = match
  return { pid: Number(pid), start, boot, place }
}
