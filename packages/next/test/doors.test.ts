import { readFile } from 'node:fs/promises'
import { describe, expect, test, vi } from 'vitest'
import * as browser from '../src/browser.ts'
import * as edge from '../src/edge.ts'
import * as form from '../src/form.ts'
import * as server from '../src/index.ts'

// Next.js answers this name itself.
vi.mock('server-only', () => ({}))

describe.each([
  ['an Edge route', edge],
  ['the browser', browser],
] as const)('in %s', (_, door) => {
  test('every name of the server is there', () => {
    expect(Object.keys(door).toSorted()).toEqual(Object.keys(server).toSorted())
  })

  test.each([/remove .*runtime = 'edge'/, /import @mailgun-smtp\/next\/form/, /'node'/])(
    'each says what to do once it is used: %s',
    (cure) => {
      const action = door.createMailAction() as () => void
      const mailer = door.defineMailer() as { readonly send: () => void }

      expect(action).toThrow(cure)
      expect(() => mailer.send()).toThrow(cure)
      expect(() => door.sendMail()).toThrow(cure)
    },
  )
})

describe('the door of the form', () => {
  test('has all that a form needs at run time', () => {
    expect(Object.keys(form).toSorted()).toEqual(['Honeypot', 'idle', 'useMailForm'])
  })

  test('is marked for the client in its first line, as is each component behind it', async () => {
    const doors = ['form.ts', 'form/use-mail-form.ts', 'form/honeypot.tsx']
    const firstLines = doors.map(async (door) => (await read(door)).split('\n')[0])

    expect(await Promise.all(firstLines)).toEqual(doors.map(() => "'use client'"))
  })

  test('brings nothing of the server', async () => {
    expect(new Set(await packagesOf('form.ts'))).toEqual(new Set(['react']))
  })
})

const source = new URL('../src/', import.meta.url)
const read = async (file: string): Promise<string> => await readFile(new URL(file, source), 'utf8')

/** The packages that run with a file, by itself or by others that it imports. */
async function packagesOf(file: string): Promise<readonly string[]> {
  const imports = Array.from(
    (await read(file)).matchAll(/^(?:import|export) (?!type)[^']* from '(.*)'/gm),
    ([, from = '']) => from,
  )
  const found = await Promise.all(
    imports.map(async (from) =>
      from.startsWith('.')
        ? await packagesOf(new URL(from, new URL(file, source)).href.slice(source.href.length))
        : [from],
    ),
  )
  return found.flat()
}
