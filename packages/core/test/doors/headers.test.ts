import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

/** Every module that a door leads to, by its imports. */
function reachableFrom(door: URL, seen = new Map<string, string[]>()): Map<string, string[]> {
  if (seen.has(door.pathname)) return seen
  const source = readFileSync(door, 'utf8')
  const specifiers = [...source.matchAll(/^(?:import|export)\b[^;]*?from '([^']+)'/gms)].map(
    ([, specifier = '']) => specifier,
  )
  seen.set(door.pathname, specifiers)
  for (const specifier of specifiers.filter((name) => name.startsWith('.'))) {
    reachableFrom(new URL(specifier, door), seen)
  }
  return seen
}

test('the door ./headers leads to nothing of Node and nothing of nodemailer', () => {
  const modules = reachableFrom(new URL('../../dist/headers.js', import.meta.url))
  const foreign = [...modules.values()].flat().filter((specifier) => !specifier.startsWith('.'))

  expect(modules.size).toBeGreaterThan(5)
  expect(foreign).toEqual([])
  for (const path of modules.keys()) {
    expect(readFileSync(path, 'utf8')).not.toMatch(/\b(?:process|Buffer|require)\b[.(]/)
  }
})

test('the main door leads to nodemailer', () => {
  const modules = reachableFrom(new URL('../../dist/index.js', import.meta.url))

  expect([...modules.values()].flat()).toContain('nodemailer')
})
