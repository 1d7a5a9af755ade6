// Packs every package as it would be published and looks at the tarball with publint and Are The Types Wrong.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'

const pnpm = ['npx', '-y', '--prefer-offline', 'pnpm@12.21.0']
const folder = mkdtempSync(join(tmpdir(), 'mailgun-smtp-'))
let faults = 0

try {
  for (const name of readdirSync('packages')) {
    const packageFolder = join('packages', name)
    const manifest = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8'))
    run([...pnpm, 'pack', '--pack-destination', folder], packageFolder)
    const tarball = join(
      folder,
      `${manifest.name.replace('@', '').replace('/', '-')}-${manifest.version}.tgz`,
    )
    const { messages } = await publint({ pkgDir: packageFolder, strict: true, pack: 'npm' })
    for (const message of messages)
      console.error(formatMessage(message, manifest, { color: false }))
    faults += messages.length
    faults += run(['attw', '--profile', 'esm-only', '--no-emoji', tarball], '.') === 0 ? 0 : 1
    console.log(`${manifest.name}: looked at`)
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
process.exitCode = faults > 0 ? 1 : 0

function run([file, ...args], cwd) {
  const { status, stdout, stderr } = spawnSync(file, args, { cwd, encoding: 'utf8' })
  if (status !== 0) console.error(`${file} ${args.join(' ')}\n${stdout}\n${stderr}`)
  return status
}
