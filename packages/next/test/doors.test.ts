import { readFile } from 'node:fs/promises'
import { describe, expect, test, vi } from 'vitest'
import * as browser from '../src/browser.ts'
import * as edge from '../src/edge.ts'
import * as server from '../src/index.ts'

// Next.js answers this name itself.
vi.mock('server-only', () => ({}))

describe.each([
  ['an Edge route', edge, /runtime = 'nodejs'/],
  ['the browser', browser, /@mailgun-smtp\/next\/form/],
] as const)('in %s', (_, door, cure) => {
  test('every name of the server is there', () => {
    expect(Object.keys(door).toSorted()).toEqual(Object.keys(server).toSorted())
  })

  test('each says in a sentence what to do', () => {
    expect(() => door.createMailAction()).toThrow(cure)
    expect(() => door.defineMailer()).toThrow(cure)
    expect(() => door.sendMail()).toThrow(cure)
  })
})

test('the form is marked for the client in its first line, and brings nothing of the server', async () => {
  const form = await readFile(new URL('../src/form.tsx', import.meta.url), 'utf8')

  expect(form.split('\n')[0]).toBe("'use client'")
  expect(new Set(await packagesOf('form.tsx'))).toEqual(new Set(['react']))
})

/** The packages that run with a file, by itself or by others that it imports. */
async function packagesOf(file: string): Promise<readonly string[]> {
  const code = await readFile(new URL(`../src/${file}`, import.meta.url), 'utf8')
  const imports = Array.from(
    code.matchAll(/^import (?!type)[^']* from '(.*)'/gm),
    ([, from = '']) => from,
  )
  const found = await Promise.all(
    imports.map(async (from) =>
      from.startsWith('.//') ? await packagesOf(from.slice(2)) : [from],
    ),
  )
  return found.flat()
}
