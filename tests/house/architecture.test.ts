import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { filesBelow, root, rooms } from '../workspace.ts'

/** Which package may enter which: the rule of ARCHITECTURE.md, without exceptions. */
const mayEnter: Readonly<Record<string, readonly string[]>> = {
  core: [],
  emulator: [
    '@mailgun-smtp/core/headers',
    '@mailgun-smtp/core/jest',
    '@mailgun-smtp/core/matchers',
    '@mailgun-smtp/core/node-test',
    '@mailgun-smtp/core/vitest',
  ],
  express: ['@mailgun-smtp/core'],
  nestjs: ['@mailgun-smtp/core', '@mailgun-smtp/core/testing'],
  next: ['@mailgun-smtp/core'],
}

/** What else a package may be built on at run time, beside Node. */
const mayBuildOn: Readonly<Record<string, readonly string[]>> = {
  core: ['nodemailer', 'vitest'],
  emulator: ['postal-mime'],
  express: ['entities'],
  nestjs: [
    '@nestjs/common',
    '@nestjs/core',
    '@nestjs/terminus',
    '@standard-schema/spec',
    'reflect-metadata',
    'rxjs',
  ],
  next: ['@react-email/render', '@standard-schema/spec', 'next', 'react', 'server-only'],
}

const specifiers = [
  /^\s*(?:import|export)\s(?:[\w\s{},*$]*?\bfrom)?\s*['"]([^'"\n]+)['"]/gm,
  /\b(?:import|require)\s*\(\s*['"]([^'"\n]+)['"]/g,
]

function importsOf(path: string): string[] {
  const text = readFileSync(path, 'utf8')
  return specifiers.flatMap((pattern) =>
    Array.from(text.matchAll(pattern), ([, name]) => name ?? ''),
  )
}

function packageOf(name: string): string {
  return name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/')
}

it('knows every package', () => {
  expect(rooms.map(({ name }) => name).toSorted()).toEqual(Object.keys(mayEnter).toSorted())
})

describe.each(rooms)('packages/$name', ({ name, folder, manifest }) => {
  const sources = filesBelow(`${folder}/src`, /\.[cm]?tsx?$/)
  const imports = sources.flatMap((path) =>
    importsOf(path).map((imported) => ({ path: path.slice(root.length), imported })),
  )
  const outside = imports.filter(
    ({ imported }) => !imported.startsWith('.') && !imported.startsWith('node:'),
  )

  it('has sources', () => {
    expect(sources.length).toBeGreaterThan(0)
    expect(imports.length).toBeGreaterThan(0)
  })

  it('enters other packages by allowed doors only', () => {
    const crossed = outside.filter(
      ({ imported }) =>
        packageOf(imported).startsWith('@mailgun-smtp/') && !mayEnter[name]?.includes(imported),
    )

    expect(crossed).toEqual([])
  })

  it('is built on nothing it does not declare', () => {
    const declared = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })
    const used = outside
      .map(({ imported }) => packageOf(imported))
      .filter((imported) => !imported.startsWith('@mailgun-smtp/'))

    expect(used.filter((imported) => !mayBuildOn[name]?.includes(imported))).toEqual([])
    expect(
      used.filter((imported) => imported !== 'server-only' && !declared.includes(imported)),
    ).toEqual([])
  })

  it('keeps inside its folder', () => {
    const escapes = imports.filter(
      ({ path, imported }) =>
        imported.startsWith('.') &&
        !new URL(imported, `file://${root}${path}`).pathname.startsWith(`${folder}/src/`) &&
        !imported.endsWith('package.json'),
    )

    expect(escapes).toEqual([])
  })

  it('names its files after concepts', () => {
    const drawers = sources.filter((path) =>
      /\/(?:utils?|helpers?|common|shared|misc|constants|types|interfaces)(?:\/|\.tsx?$)/.test(
        path,
      ),
    )

    expect(drawers).toEqual([])
  })

  it('has a readme and a door for every export', () => {
    expect(existsSync(`${folder}/README.md`)).toBe(true)
    for (const target of Object.values(manifest.exports ?? {})) {
      const paths = typeof target === 'string' ? [target] : Object.values(Object(target))
      for (const path of paths) expect(existsSync(`${folder}/${String(path)}`)).toBe(true)
    }
  })
})

it('only a package itself, and its tests, import its sources by their paths', () => {
  const files = ['apps', 'bench', 'packages', 'scripts', 'tests'].flatMap((folder) =>
    filesBelow(`${root}${folder}`, /\.[cm]?[jt]sx?$/),
  )
  const packageHolding = (path: string): string | undefined =>
    /^packages\/[^/]+\/(?=src\/)/.exec(path.slice(root.length))?.[0]
  const intruders = files.flatMap((path) =>
    importsOf(path)
      .filter((imported) => imported.startsWith('.'))
      .map((imported) => new URL(imported, `file://${path}`).pathname)
      .filter((target) => {
        const owner = packageHolding(target)
        return owner !== undefined && !path.startsWith(`${root}${owner}`)
      })
      .map(
        (target) =>
          `${path.slice(root.length)} imports ${target.slice(root.length)}. Import the package by its name; ` +
          'if none of its doors has what you need, add one to its exports.',
      ),
  )

  expect(files.length).toBeGreaterThan(500)
  expect(intruders).toEqual([])
})

it('gives ./headers no Node module and no nodemailer', () => {
  const seen = new Set<string>()
  const foreign: string[] = []
  const visit = (path: string): void => {
    if (seen.has(path)) return
    seen.add(path)
    for (const imported of importsOf(path)) {
      if (imported.startsWith('.')) visit(new URL(imported, `file://${path}`).pathname)
      else foreign.push(imported)
    }
  }

  visit(`${root}packages/core/dist/headers.js`)

  expect(seen.size).toBeGreaterThan(1)
  expect(foreign).toEqual([])
})
