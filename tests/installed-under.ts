import { spawnSync } from 'node:child_process'
import { mkdirSync, realpathSync, symlinkSync } from 'node:fs'
import { dirname } from 'node:path'
import { root } from './workspace.ts'

/** A package as code in a folder imports it, and as these tests have installed it. */
export type InstalledPackage = readonly [name: string, under: string]

// Not under its own name, by which every folder here would find it, one that has not installed it too.
export const reactEmail: InstalledPackage = ['@react-email/render', 'react-email-render']

/** Gives a folder some of these tests' packages, each under the name that its code imports. */
export function installInto(folder: string, packages: readonly InstalledPackage[]): void {
  for (const [name, under] of packages) {
    const target = `${folder}/node_modules/${name}`
    mkdirSync(dirname(target), { recursive: true })
    symlinkSync(realpathSync(`${root}tests/node_modules/${under}`), target, 'junction')
  }
}

/** Unpacks a tarball into a folder, without the folder that it holds. */
export function unpack(tarball: string, folder: string): void {
  const args = ['-xzf', tarball, '-C', folder, '--strip-components=1']
  const { status, stderr } = spawnSync('tar', args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`tar ${args.join(' ')}\n${stderr}`)
}
