import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { printed, runIn, writeApplication, writeHealth } from './consumer/nest/application.ts'
import { root } from '../workspace.ts'

const pnpm = ['-y', '--prefer-offline', 'pnpm@12.21.0'] as const

/** Each major of Nest, with a TypeScript that its users have. */
const majors = [
  { nest: '^11.0.0', typescript: '^5.9.0' },
  { nest: '^12.0.0', typescript: '^7.0.0' },
] as const

/** What the tests of packages/nestjs run on under Nest 11. */
const suite11 = {
  '@nestjs/common': '^11.0.0',
  '@nestjs/core': '^11.0.0',
  '@nestjs/cqrs': '^11.0.0',
  '@nestjs/event-emitter': '^3.0.0',
  '@nestjs/graphql': '^13.0.0',
  '@nestjs/microservices': '^11.0.0',
  '@nestjs/platform-express': '^11.0.0',
  '@nestjs/platform-fastify': '^11.0.0',
  '@nestjs/platform-ws': '^11.0.0',
  '@nestjs/schedule': '^6.0.0',
  '@nestjs/terminus': '^11.0.0',
  '@nestjs/testing': '^11.0.0',
  '@nestjs/websockets': '^11.0.0',
  graphql: '^16.11.0',
  'reflect-metadata': '^0.2.2',
  rxjs: '^7.8.2',
  vite: '^8.3.8',
  vitest: '4.1.12',
  ws: '^8.0.0',
  zod: '^4.6.0',
}

let folder = ''
let tarballs: Readonly<Record<string, string>> = {}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mailgun-smtp-nest-'))
  const packed = join(folder, 'packed')
  for (const room of ['core', 'emulator', 'nestjs']) {
    const pack = ['pack', '--pack-destination', packed, '--config.ignore-scripts=true']
    runIn(`${root}packages/${room}`, 'npx', ...pnpm, ...pack)
  }
  tarballs = Object.fromEntries(
    readdirSync(packed).map((file) => {
      const room = /^mailgun-smtp-([a-z]+)-/.exec(file)?.[1] ?? ''
      return [`@mailgun-smtp/${room}`, `file:${join(packed, file)}`]
    }),
  )
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A new project with these packages and ours, not installed yet. */
function newProject(name: string, dependencies: Readonly<Record<string, string>>): string {
  const project = join(folder, name)
  mkdirSync(project)
  writeFileSync(
    join(project, 'package.json'),
    JSON.stringify({
      private: true,
      type: 'module',
      dependencies: { ...dependencies, ...tarballs },
    }),
  )
  return project
}

function installByNpm(project: string): void {
  runIn(project, 'npm', 'install', '--no-audit', '--no-fund', '--prefer-offline')
}

function installByPnpm(project: string): void {
  // Our packages name each other by version, and the registry may not have that version yet.
  const overrides = Object.entries(tarballs).map(([name, file]) => `  '${name}': '${file}'\n`)
  writeFileSync(join(project, 'pnpm-workspace.yaml'), `overrides:\n${overrides.join('')}`)
  runIn(project, 'npx', ...pnpm, 'install', '--prefer-offline')
}

// Under pnpm a package sees what it declares only: our main door needs no optional peer.
describe.each([
  ['npm', installByNpm, ['@nestjs/terminus']],
  ['pnpm', installByPnpm, []],
] as const)('installed by %s', (manager, install, optional) => {
  it.each(majors)(
    'the tarballs compile with Nest $nest, boot and send, as ES module and as CommonJS',
    ({ nest, typescript }) => {
      const project = newProject(`${manager}-${nest.slice(1, 3)}`, {
        '@nestjs/common': nest,
        '@nestjs/core': nest,
        '@nestjs/platform-express': nest,
        '@types/node': '^20.19.0',
        'reflect-metadata': '^0.2.2',
        rxjs: '^7.8.2',
        ...Object.fromEntries(optional.map((name) => [name, nest])),
        typescript,
      })
      install(project)
      writeApplication(project)
      if (optional.length > 0) writeHealth(project)

      expect(runIn(project, join(project, 'node_modules/.bin/tsc'), '-p', '.')).toBe('')
      expect(runIn(project, process.execPath, 'out/esm.mjs')).toBe(printed)
      expect(runIn(project, process.execPath, 'out/commonjs.cjs')).toBe(printed)
    },
  )
})

it("keeps the package's own promises under Nest 11", { timeout: 900_000 }, () => {
  const project = newProject('suite', suite11)
  installByNpm(project)
  for (const part of ['src', 'test']) {
    cpSync(`${root}packages/nestjs/${part}`, join(project, part), { recursive: true })
  }
  writeFileSync(
    join(project, 'vitest.config.ts'),
    `import { defineConfig } from 'vitest/config'
     export default defineConfig({
       oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
       test: { testTimeout: 60_000, hookTimeout: 60_000 },
     })`,
  )

  const flags = ['--reporter=default', '--no-color']
  const output = runIn(project, join(project, 'node_modules/.bin/vitest'), 'run', ...flags)

  expect(output).toMatch(/Tests\s+\d{3,} passed/)
})
