import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createStranger, type Stranger } from './consumer/stranger.ts'
import { root } from '../workspace.ts'

let stranger: Stranger
let folder = ''

function run(command: string, ...args: string[]): string {
  return stranger.run('.', command, ...args)
}

beforeAll(() => {
  stranger = createStranger()
  folder = stranger.folder
  for (const name of ['@types/express', '@types/react']) stranger.link('.', name, `${root}tests`)
  writeFileSync(join(folder, 'package.json'), '{ "name": "stranger", "private": true }')
})

afterAll(() => stranger[Symbol.dispose]())

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
    join(folder, 'node_modules/@mailgun-smtp/core/dist/options/options.d.ts'),
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
    stranger.link('.', 'nodemailer', `${root}packages/core`)
  }
})
