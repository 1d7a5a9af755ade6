import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { configurationPage } from '../../scripts/configuration-page.mjs'
import { emulatorPages } from '../../scripts/emulator-reference.mjs'
import { optionsPage } from '../../scripts/options-table.mjs'
import { filesBelow, root } from '../workspace.ts'

const pages = filesBelow(root.slice(0, -1), /\.md$/)

/** Where the READMEs of the packages link to: no page beside them is in their tarballs. */
const home = 'https://github.com/mailgun-smtp/mailgun-smtp/blob/main/'

/** The anchor of a heading, as a forge makes it. */
function anchorOf(heading: string): string {
  return heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-')
}

function anchorsOf(path: string): string[] {
  return Array.from(readFileSync(path, 'utf8').matchAll(/^#{1,6} (.*)$/gm), ([, heading]) =>
    anchorOf(heading ?? ''),
  )
}

it('docs/options.md is what the registry generates', () => {
  expect(readFileSync(`${root}docs/options.md`, 'utf8')).toBe(optionsPage())
})

it('docs/configuration.md is what the docstrings of the settings generate', () => {
  expect(readFileSync(`${root}docs/configuration.md`, 'utf8')).toBe(configurationPage())
})

it.each(Object.entries(emulatorPages))('docs/%s is what the emulator generates', (name, page) => {
  expect(readFileSync(`${root}docs/${name}`, 'utf8')).toBe(page())
})

it('docs/errors.md has one heading for each error code, and no other code', () => {
  const source = ['errors', 'outcome']
    .map((file) => readFileSync(`${root}packages/core/src/outcome/${file}.ts`, 'utf8'))
    .join('\n')
  const unions = source.matchAll(/export type \w+Code =((?:\s*\|? ?'ERR_[A-Z_]+')+)/g)
  const codes = Array.from(unions, ([, union = '']) => union.match(/ERR_[A-Z_]+/g) ?? []).flat()
  const headings = Array.from(
    readFileSync(`${root}docs/errors.md`, 'utf8').matchAll(/^## (ERR_[A-Z_]+)$/gm),
    ([, code]) => code,
  )

  expect(codes.length).toBeGreaterThan(5)
  expect(headings).toHaveLength(codes.length)
  expect(new Set(headings)).toEqual(new Set(codes))
})

it('docs/lint.md has one heading for each warning, and no other', () => {
  const source = readFileSync(`${root}packages/core/src/options/lint.ts`, 'utf8')
  const union = /export type LintCode =((?:\s*\| '[a-z0-9-]+')+)/.exec(source)?.[1] ?? ''
  const codes = Array.from(union.matchAll(/'([a-z0-9-]+)'/g), ([, code]) => code)
  const headings = Array.from(
    readFileSync(`${root}docs/lint.md`, 'utf8').matchAll(/^## ([a-z0-9-]+)$/gm),
    ([, code]) => code,
  )

  expect(codes.length).toBeGreaterThan(5)
  expect(headings).toHaveLength(codes.length)
  expect(new Set(headings)).toEqual(new Set(codes))
})

it('ARCHITECTURE.md sends the reader to files that exist', () => {
  const page = readFileSync(`${root}ARCHITECTURE.md`, 'utf8')
  const rows = page.slice(page.indexOf('## Where do I change')).matchAll(/^\|([^|]+)\|(.+)\|$/gm)
  let folder = ''
  const missing: string[] = []
  for (const [, task = '', places = ''] of rows) {
    const paths = Array.from(
      places.matchAll(/`([\w./-]+\/[\w./-]*|[\w-]+\.\w+)`/g),
      ([, path]) => path ?? '',
    )
    if (task.includes('**')) folder = paths[0] ?? ''
    let last = ''
    for (const path of paths) {
      const known = ['', folder, `${folder}${last}`].some((start) =>
        existsSync(`${root}${start}${path}`),
      )
      if (!known) missing.push(`${task.trim()}: ${path}`)
      if (path.endsWith('/')) last = path
    }
  }

  expect(missing).toEqual([])
})

describe.each(pages.map((path) => path.slice(root.length)))('%s', (page) => {
  it('links to what exists', () => {
    const text = readFileSync(`${root}${page}`, 'utf8').replace(/```[\s\S]*?```/g, '')
    const links = Array.from(text.matchAll(/\]\(([^)\s]+)\)/g), ([, link]) => link ?? '')
    const broken = links.filter((address) => {
      const ours = address.startsWith(home)
      const link = ours ? address.slice(home.length) : address
      if (/^(?:https?|mailto):/.test(link)) return false
      const [file = '', anchor] = link.split('#')
      const from = ours ? root : `${dirname(`${root}${page}`)}/`
      const target = file === '' ? `${root}${page}` : join(from, file)
      if (!existsSync(target)) return true
      return anchor !== undefined && !anchorsOf(target).includes(anchor)
    })

    expect(broken).toEqual([])
  })
})
