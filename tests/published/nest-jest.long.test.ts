import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { volume } from '../tier.ts'
import { root, type Manifest } from '../workspace.ts'
import { createStranger, type Stranger } from './consumer/stranger.ts'

const here = `${root}tests/published`
const guide = readFileSync(`${root}docs/guides/nestjs/testing.md`, 'utf8')

/** The line of the guide, as it is printed there. */
const line = JSON.parse(`{${/^"transformIgnorePatterns".*$/m.exec(guide)?.[0]}}`) as object

/** How a project compiles its tests: `ts-jest` is what `nest new` writes, and the SWC recipe is that of NestJS's manual. */
const transforms = {
  'ts-jest': 'ts-jest',
  '@swc/jest': [
    '@swc/jest',
    {
      jsc: {
        parser: { syntax: 'typescript', decorators: true },
        transform: { legacyDecorator: true, decoratorMetadata: true },
        target: 'es2022',
      },
      module: { type: 'commonjs' },
    },
  ],
} as const

let stranger: Stranger

beforeAll(() => {
  stranger = createStranger()
})
afterAll(() => stranger[Symbol.dispose]())

/** A project as `nest new` of NestJS 11 writes it, a CommonJS one, with our packages from their tarballs. */
function writeProject(jest: string, transform: keyof typeof transforms): string {
  const project = `${jest}-${transform.replace('@swc/', 'swc-')}`
  const folder = join(stranger.folder, project)
  cpSync(`${here}/consumer/nest-jest`, join(folder, 'src'), { recursive: true })
  cpSync(`${here}/consumer/nest-jest/nest-new.tsconfig.json`, join(folder, 'tsconfig.json'))
  for (const room of ['core', 'emulator', 'nestjs']) {
    const path = `node_modules/@mailgun-smtp/${room}`
    cpSync(join(stranger.folder, path), join(folder, path), { recursive: true })
    const manifest = JSON.parse(
      readFileSync(`${root}packages/${room}/package.json`, 'utf8'),
    ) as Manifest
    for (const name of Object.keys(manifest.dependencies ?? {})) {
      if (name.startsWith('@mailgun-smtp/')) continue
      stranger.link(project, name, `${root}packages/${room}`)
    }
  }
  const { dependencies } = JSON.parse(
    readFileSync(`${here}/${jest}/package.json`, 'utf8'),
  ) as Manifest
  for (const name of Object.keys(dependencies ?? {}))
    stranger.link(project, name, `${here}/${jest}`)
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({
      name: 'app',
      private: true,
      jest: {
        moduleFileExtensions: ['js', 'json', 'ts'],
        rootDir: 'src',
        testRegex: String.raw`.*\.spec\.ts$`,
        transform: { [String.raw`^.+\.(t|j)s$`]: transforms[transform] },
        testEnvironment: 'node',
        ...line,
      },
    }),
  )
  return project
}

/** Each of Jest's majors with each compiler at night; otherwise each of them once. */
const setUps = volume(
  [
    ['jest-29', 'ts-jest'],
    ['jest-29', '@swc/jest'],
    ['jest-30', 'ts-jest'],
    ['jest-30', '@swc/jest'],
  ] as const,
  [
    ['jest-29', '@swc/jest'],
    ['jest-30', 'ts-jest'],
  ] as const,
)

it.each(setUps)(
  "the tarballs work in %s with %s on NestJS 11, by the guide's one line",
  (jest, transform) => {
    const project = writeProject(jest, transform)
    const report = join(stranger.folder, `${project}.json`)

    const bin = 'node_modules/jest/bin/jest.js'
    stranger.run(project, process.execPath, bin, '--json', `--outputFile=${report}`, '--no-cache')

    expect(JSON.parse(readFileSync(report, 'utf8'))).toMatchObject({
      numPassedTests: 2,
      numFailedTests: 0,
      numRuntimeErrorTestSuites: 0,
    })
  },
)
