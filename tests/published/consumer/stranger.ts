import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { inject } from 'vitest'
import { root, rooms } from '../../workspace.ts'

/** A stranger's folder: our packages from their tarballs, everything else from the registry's copies. */
export interface Stranger extends Disposable {
  readonly folder: string
  /** Runs a command, in the folder or one below it, and returns what it writes. */
  run(at: string, command: string, ...args: string[]): string
  /** Puts a package that is installed below another folder into a project. */
  link(at: string, name: string, from: string, alias?: string): void
}

/** Unpacks every package where a stranger's projects find it. */
export function createStranger(): Stranger {
  const folder = mkdtempSync(join(tmpdir(), 'mailgun-smtp-consumer-'))
  const stranger: Stranger = {
    folder,
    run(at, command, ...args) {
      const { stdout, stderr, status, error } = spawnSync(command, args, {
        cwd: join(folder, at),
        encoding: 'utf8',
        shell: process.platform === 'win32',
      })
      if (error) throw error
      if (status !== 0) throw new Error(`${command} ${args.join(' ')}\n${stdout}\n${stderr}`)
      return stdout
    },
    link(at, name, from, alias = name) {
      const target = join(folder, at, 'node_modules', name)
      mkdirSync(dirname(target), { recursive: true })
      symlinkSync(realpathSync(join(from, 'node_modules', alias)), target, 'junction')
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  }
  const tarballs = inject('tarballs')
  for (const { name, folder: packageFolder, manifest } of rooms) {
    const target = join(folder, 'node_modules', '@mailgun-smtp', name)
    mkdirSync(target, { recursive: true })
    stranger.run(
      '.',
      'tar',
      '-xzf',
      tarballs[manifest.name] ?? '',
      '-C',
      target,
      '--strip-components=1',
    )
    for (const dependency of Object.keys({
      ...manifest.dependencies,
      ...manifest.peerDependencies,
    })) {
      if (dependency.startsWith('@mailgun-smtp/')) continue
      rmSync(join(folder, 'node_modules', dependency), { force: true })
      stranger.link('.', dependency, packageFolder)
    }
  }
  stranger.link('.', '@types/node', root)
  return stranger
}
