import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

test('the matchers come without nodemailer', () => {
  const seen = new Set<string>()
  const outside = new Set<string>()
  const visit = (module: URL): void => {
    if (seen.has(module.href)) return
    seen.add(module.href)
    const source = readFileSync(module, 'utf8')
    for (const [, name = ''] of source.matchAll(
      /^(?:import|export) (?!type )[^'"]*from '([^']+)'/gm,
    )) {
      if (name.startsWith('.')) visit(new URL(name, module))
      else outside.add(name)
    }
  }

  visit(new URL('../../src/matchers.ts', import.meta.url))

  expect(seen.size).toBeGreaterThan(8)
  expect([...outside].filter((name) => !name.startsWith('node:'))).toEqual([])
})
