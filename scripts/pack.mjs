// Packs every package as it would be published. Prints nothing; returns the tarballs by the packages' names.
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Packs all packages into a folder at once. pnpm writes real versions in place of `workspace:` and `catalog:`. */
export function packAll(folder) {
  const args = ['-y', '--prefer-offline', 'pnpm@12.21.0', '-r', '--filter', './packages/*', 'pack']
  const { status, stdout, stderr } = spawnSync('npx', [...args, '--pack-destination', folder], {
    cwd: root,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  })
  if (status !== 0) throw new Error(`The packages cannot be packed.\n${stdout}\n${stderr}`)
  return tarballsIn(folder)
}

/** The tarball of each package in a folder where they are packed. */
export function tarballsIn(folder) {
  const packed = readdirSync(folder)
  return Object.fromEntries(
    readdirSync(join(root, 'packages')).map((room) => {
      const { name, version } = JSON.parse(
        readFileSync(join(root, 'packages', room, 'package.json'), 'utf8'),
      )
      const file = `${name.replace('@', '').replace('/', '-')}-${version}.tgz`
      if (!packed.includes(file)) throw new Error(`${name} is not packed in ${folder}.`)
      return [name, join(folder, file)]
    }),
  )
}
