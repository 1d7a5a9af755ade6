import { spawnSync } from 'node:child_process'
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { root, rooms } from './workspace.ts'

/** A stranger's project: our packages from their tarballs, everything else from the registry's copies. */
let folder = ''

function run(command: string, ...args: string[]): string {
  const { stdout, stderr, status, error } = spawnSync(command, args, {
    cwd: folder,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  })
  if (error) throw error
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}\n${stdout}\n${stderr}`)
  return stdout
}

function link(name: string, from: string): void {
  const target = join(folder, 'node_modules', name)
  mkdirSync(dirname(target), { recursive: true })
  symlinkSync(realpathSync(join(from, 'node_modules', name)), target, 'junction')
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mailgun-smtp-consumer-'))
  const folders = rooms.map((room) => room.folder)
  const packed = JSON.parse(
    run('npm', 'pack', ...folders, '--json', '--ignore-scripts', '--loglevel=error'),
  ) as { name: string; filename: string }[]
  for (const { name, folder: packageFolder, manifest } of rooms) {
    const tarball = packed.find((each) => each.name === manifest.name)?.filename ?? ''
    const target = join(folder, 'node_modules', '@mailgun-smtp', name)
    mkdirSync(target, { recursive: true })
    run('tar', '-xzf', tarball, '-C', target, '--strip-components=1')
    for (const dependency of Object.keys({
      ...manifest.dependencies,
      ...manifest.peerDependencies,
    })) {
      if (dependency.startsWith('@mailgun-smtp/')) continue
      rmSync(join(folder, 'node_modules', dependency), { force: true })
      link(dependency, packageFolder)
    }
  }
  for (const name of ['@types/node', '@types/express', '@types/react']) {
    link(name, name === '@types/node' ? root : `${root}tests`)
  }
  writeFileSync(join(folder, 'package.json'), '{ "name": "stranger", "private": true }')
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

const send = `
  const emulator = await createMailgunEmulator()
  const mailer = createMailer(emulator.transport)
  const receipt = await mailer.send({ from: 'a@mg.example.com', to: 'b@example.com', text: 'x', mailgun: { tags: ['t'] } })
  const message = await emulator.waitFor({ to: 'b@example.com', tag: 't' })
  console.log(receipt.reply.text, message.submission.options.tags)
  await mailer.close()
  await emulator.close()
`

it('the tarballs send a message from an ES module', () => {
  writeFileSync(
    join(folder, 'send.mjs'),
    `import { createMailer } from '@mailgun-smtp/core'
     import { createMailgunEmulator } from '@mailgun-smtp/emulator'
     ${send}`,
  )

  expect(run(process.execPath, 'send.mjs')).toContain("Great success [ 't' ]")
})

it('the tarballs send a message from a CommonJS module, by require', () => {
  writeFileSync(
    join(folder, 'send.cjs'),
    `const { createMailer } = require('@mailgun-smtp/core')
     const { createMailgunEmulator } = require('@mailgun-smtp/emulator')
     require('@mailgun-smtp/express'); require('@mailgun-smtp/nestjs')
     main()
     async function main() { ${send} }`,
  )

  expect(run(process.execPath, 'send.cjs')).toContain("Great success [ 't' ]")
})

it('a strict TypeScript project compiles, library types included, and refuses a misspelt option', () => {
  writeFileSync(
    join(folder, 'strict.ts'),
    `import { createMailer, type MailgunOptions, type Receipt } from '@mailgun-smtp/core'
     import { mailgun } from '@mailgun-smtp/express'
     import { createMailgunEmulator } from '@mailgun-smtp/emulator'
     export const options: MailgunOptions = { tags: ['a'], trackClicks: 'htmlonly', deliverBy: new Date(), dkim: undefined, track: null }
     // @ts-expect-error misspelt
     export const misspelt: MailgunOptions = { tag: ['a'] }
     // @ts-expect-error not a boolean
     export const wrong: MailgunOptions = { trackOpens: 'htmlonly' }
     export const receipt: Promise<Receipt> = createMailer().send({ to: 'a@b.c', mailgun: options })
     export const handler = mailgun()
     export const emulator = createMailgunEmulator()
    `,
  )
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({
      compilerOptions: {
        target: 'es2023',
        lib: ['es2023', 'esnext.disposable'],
        module: 'nodenext',
        strict: true,
        exactOptionalPropertyTypes: true,
        skipLibCheck: false,
        noEmit: true,
        types: ['node'],
      },
      files: ['strict.ts'],
    }),
  )

  expect(run('tsc', '-p', '.')).toBe('')
})

it('every option brings its documentation into the published types', () => {
  const types = readFileSync(
    join(folder, 'node_modules/@mailgun-smtp/core/dist/options.d.ts'),
    'utf8',
  )
  const members = types.split('export interface MailgunOptions')[1]?.split('\n}')[0] ?? ''

  expect(members.match(/^ {4}readonly \w+\?:/gm)).toHaveLength(24)
  expect(members.match(/^ {4}\/\*\* .+ \*\/\n {4}readonly/gm)).toHaveLength(24)
})

it('the emulator starts without nodemailer', () => {
  rmSync(join(folder, 'node_modules/nodemailer'))
  try {
    expect(
      run(process.execPath, 'node_modules/@mailgun-smtp/emulator/dist/main.js', '--help'),
    ).toContain('--port')
  } finally {
    link('nodemailer', `${root}packages/core`)
  }
})
