import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { version } from '../../src/version.ts'

test('the version that a transport and the command show is that of the package', () => {
  const file = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')

  expect((JSON.parse(file) as { version: string }).version).toBe(version)
})
