import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { installInto, reactEmail } from '../installed-under.ts'
import { filesBelow, root } from '../workspace.ts'

// Inside this folder, so that the snippets find the packages as these tests do.
const folder = `${root}tests/.snippets`

interface Snippet {
  readonly file: string
  readonly origin: string
  readonly code: string
}

const fence =
  /(?:^`(?<name>[\w./-]+\.tsx?)`[^\n]*\n+)?^```(?<language>tsx?)\n(?<code>[\s\S]*?)^```$/gm

/** A page's blocks. One is the file that a line before it names, and a page's files may import each other. */
function snippetsOf(path: string, page: number): Snippet[] {
  const text = readFileSync(path, 'utf8')
  return Array.from(text.matchAll(fence), ({ index, groups }, at) => {
    const { name = `${at}.${groups?.language}`, code = '' } = groups ?? {}
    const up = '../'.repeat(name.split('/').length - 1) || './/'
    return {
      file: `${page}/${name}`,
      origin: `${path.slice(root.length)}:${text.slice(0, index).split('\n').length + 1}`,
      code: code.replaceAll(/(?<=from ')@\//g, up),
    }
  })
}

const snippets = filesBelow(root.slice(0, -1), /\.md$/).flatMap(snippetsOf)

beforeAll(() => {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  installInto(folder, [reactEmail])
  for (const { file, code } of snippets) {
    mkdirSync(dirname(`${folder}/${file}`), { recursive: true })
    writeFileSync(`${folder}/${file}`, code)
  }
  writeFileSync(
    `${folder}/tsconfig.json`,
    JSON.stringify({
      extends: '../tsconfig.json',
      compilerOptions: { noEmit: true, module: 'esnext', moduleResolution: 'bundler' },
      include: ['**/*.ts', '**/*.tsx'],
      exclude: [],
    }),
  )
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

it('every TypeScript block of the documents compiles', () => {
  const { stdout, error } = spawnSync('tsc', ['-p', `${folder}/tsconfig.json`], {
    encoding: 'utf8',
    shell: process.platform === 'win32',
  })
  const faults = snippets.reduce(
    (text, { file, origin }) =>
      text.replaceAll(new RegExp(`^\\S*\\.snippets/${file}`, 'gm'), origin),
    stdout,
  )

  expect(error).toBeUndefined()
  expect(snippets.length).toBeGreaterThan(4)
  expect(faults).toBe('')
})
