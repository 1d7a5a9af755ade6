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
  const [form = '', field = ''] = await Promise.all(
    ['form.tsx', 'form-field.ts'].map((file) =>
      readFile(new URL(`../src/${file}`, import.meta.url), 'utf8'),
    ),
  )

  expect(form.split('\n')[0]).toBe("'use client'")
  const imports = [...`${form}${field}`.matchAll(/^import (?!type).* from '(.*)'/gm)]
  expect(imports.map(([, from]) => from)).toEqual(['react', './form-field.ts'])
})
