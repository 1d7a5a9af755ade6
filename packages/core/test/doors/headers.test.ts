import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { build } from 'vite'
import { expect, test } from 'vitest'

/** Every file that a door of the built package leads to, with what it imports. */
function reachableFrom(door: URL, seen = new Map<string, string[]>()): Map<string, string[]> {
  if (seen.has(door.pathname)) return seen
  const source = readFileSync(door, 'utf8')
  const statements = source.matchAll(
    /^(?:import|export)\b[^;]*?(?:from\s*)?(["'])(?<specifier>[^"'\n]+)\1;?$/gm,
  )
  const calls = source.matchAll(/\bimport\((["'])(?<specifier>[^"'\n]+)\1\)/g)
  const specifiers = [...statements, ...calls].map(({ groups }) => groups?.['specifier'] ?? '')
  seen.set(door.pathname, specifiers)
  for (const specifier of specifiers.filter((name) => name.startsWith('.'))) {
    reachableFrom(new URL(specifier, door), seen)
  }
  return seen
}

const door = new URL('../../dist/headers.js', import.meta.url)

test('the door ./headers leads to nothing of Node and nothing of nodemailer', () => {
  const modules = reachableFrom(door)
  const foreign = [...modules.values()].flat().filter((specifier) => !specifier.startsWith('.'))

  expect(modules.size).toBeGreaterThan(1)
  expect(foreign).toEqual([])
  for (const path of modules.keys()) {
    expect(readFileSync(path, 'utf8')).not.toMatch(/\b(?:process|Buffer|require)\b[.(]/)
  }
})

test('the door ./headers is under 8 kB as a bundler ships it, minified and compressed', async () => {
  const result = await build({
    configFile: false,
    logLevel: 'silent',
    publicDir: false,
    build: {
      write: false,
      minify: true,
      // Vite keeps the blanks of a library; a bundler of an application takes them out.
      rolldownOptions: { output: { minify: true } },
      lib: { entry: door.pathname, formats: ['es'], fileName: 'headers' },
    },
  })
  const outputs = [result].flat().flatMap((one) => ('output' in one ? one.output : []))
  const code = outputs.map((chunk) => ('code' in chunk ? chunk.code : '')).join('')

  expect(code).toContain('X-Mailgun-Tag')
  expect(gzipSync(code).length).toBeLessThan(8 * 1024)
})

test('the main door leads to nodemailer, and its walk sees imports of every kind', () => {
  const modules = reachableFrom(new URL('../../dist/index.js', import.meta.url))

  expect([...modules.values()].flat()).toContain('nodemailer/lib/mailer')
})

test.each(['matchers', 'jest', 'node-test'])(
  'the built door ./%s leads to no nodemailer',
  (name) => {
    const modules = reachableFrom(new URL(`../../dist/${name}.js`, import.meta.url))
    const foreign = [...modules.values()].flat().filter((specifier) => /^[^.]/.test(specifier))

    expect(foreign.filter((specifier) => !specifier.startsWith('node:'))).toEqual([])
  },
)
