import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { floors, withPicture } from '../../scripts/floors.mjs'
import { filesBelow, root, rooms } from '../workspace.ts'

const specifiers = [
  /^\s*(?:import|export)\s(?:[\w\s{},*$]*?\bfrom)?\s*['"](\.[^'"\n]+)['"]/gm,
  /\bimport\s*\(\s*['"](\.[^'"\n]+)['"]/g,
]

/** The files that a file imports, types included. */
function importsOf(path: string): string[] {
  const text = readFileSync(path, 'utf8')
  return specifiers
    .flatMap((pattern) => Array.from(text.matchAll(pattern), ([, name = '']) => name))
    .map((name) => new URL(name, `file://${path}`).pathname)
}

/** The room of a file: the longest folder of the table that holds it, or the file itself. */
function roomOf(path: string, rooms: readonly string[]): string | undefined {
  return rooms
    .filter((room) => path === room || path.startsWith(`${room}/`))
    .toSorted((one, other) => other.length - one.length)[0]
}

/** A way that leads from a file back to it, if there is one. */
function circleFrom(start: string, imports: ReadonlyMap<string, readonly string[]>): string[] {
  const seen = new Set<string>()
  const search = (path: string, way: readonly string[]): string[] => {
    for (const next of imports.get(path) ?? []) {
      if (next === start) return [...way, next]
      if (seen.has(next)) continue
      seen.add(next)
      const found = search(next, [...way, next])
      if (found.length > 0) return found
    }
    return []
  }
  return search(start, [start])
}

describe.each(Object.entries(floors))('%s', (source, table) => {
  const folder = `${root}${source}`
  const files = filesBelow(folder, /(?<!\.d)\.[cm]?tsx?$/).filter(
    (path) => !path.startsWith(`${folder}/test/`),
  )
  const short = (path: string): string => path.slice(folder.length + 1)
  const known = new Set(files)
  const imports = new Map(
    files.map((path) => [path, importsOf(path).filter((imported) => known.has(imported))]),
  )
  const named = table.flat()
  const floorOf = new Map(table.flatMap((floor, at) => floor.map((room) => [room, at] as const)))

  it('has every file in a room of the table, and every room of the table', () => {
    const homeless = files
      .map(short)
      .filter((path) => roomOf(path, named) === undefined)
      .map(
        (path) =>
          `${path} is in no room: move it into a folder, or name its room in scripts/floors.mjs`,
      )

    expect(homeless).toEqual([])
    expect(named.filter((room) => !existsSync(`${folder}/${room}`))).toEqual([])
  })

  it('imports from lower floors only', () => {
    const wrong = files.flatMap((path) => {
      const own = roomOf(short(path), named) ?? ''
      return (imports.get(path) ?? []).flatMap((imported) => {
        const other = roomOf(short(imported), named) ?? ''
        const [floor = 0, otherFloor = 0] = [floorOf.get(own), floorOf.get(other)]
        if (own === other || otherFloor < floor) return []
        return [
          `${short(path)} (${own}, floor ${floor}) imports ${short(imported)} (${other}, floor ${otherFloor}): ` +
            'imports lead down only. Move what it needs to a lower floor, or move the file up.',
        ]
      })
    })

    expect(wrong).toEqual([])
  })

  it('has no circle of files, types included', () => {
    const circles = files
      .map((path) => circleFrom(path, imports).map(short))
      .filter((way) => way.length > 0)
      // One import can close many circles: the shortest one names it best.
      .toSorted((one, other) => one.length - other.length)
      .slice(0, 1)
      .map(
        (way) =>
          `${way.join(' → ')} is a circle: move what both need into a file that imports neither.`,
      )

    expect(circles).toEqual([])
  })
})

it('has a table of floors for every package', () => {
  const without = rooms
    .map(({ name }) => `packages/${name}/src`)
    .filter((source) => !(source in floors))

  expect(without.map((source) => `${source}: add its floors to scripts/floors.mjs`)).toEqual([])
})

it('shows the floors in ARCHITECTURE.md as they are', () => {
  const page = readFileSync(`${root}ARCHITECTURE.md`, 'utf8')

  // Stale? Run `node scripts/floors.mjs`.
  expect(withPicture(page)).toBe(page)
})

it('reads private members of nodemailer in one folder of core only', () => {
  const outside = filesBelow(`${root}packages/core/src`, /\.ts$/)
    .filter((path) => !path.includes('/core/src/nodemailer/'))
    .filter((path) =>
      /(?:\.|['"])_(?:defaults|headers|raw|transforms|processFuncs|envelope)\b/.test(
        readFileSync(path, 'utf8'),
      ),
    )
    .map((path) => `${path.slice(root.length)}: read it in packages/core/src/nodemailer instead`)

  expect(outside).toEqual([])
})
