import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { installInto, unpack } from '../installed-under.ts'
import { root } from '../workspace.ts'
import { guideFiles } from './world/guide-files.ts'

let folder = ''

beforeAll(() => {
  const apps = `${root}tests/.next-apps`
  mkdirSync(apps, { recursive: true })
  writeFileSync(`${apps}/.gitignore`, '*\n')
  folder = mkdtempSync(`${apps}/jest-`)
  const config = /^`jest\.config\.mjs`\n\n```js\n([\s\S]*?)^```$/m
  const guide = readFileSync(`${root}docs/guides/nextjs.md`, 'utf8')
  const files = new Map(guideFiles({ tests: true }))
  const vitestTest = files.get('app/contact/actions.test.ts') ?? ''
  write('package.json', '{ "name": "site", "private": true }')
  write('jest.config.mjs', config.exec(guide)?.[1] ?? '')
  for (const name of ['schema.ts', 'actions.ts', 'form.tsx']) {
    write(`app/contact/${name}`, files.get(`app/contact/${name}`) ?? '')
  }
  // The guide's test is one for Vitest, and says what Jest needs.
  const words = vitestTest.replace(/^import .* from 'vitest'\n/m, '')
  write('app/contact/actions.test.ts', `/** @jest-environment node */\n${words}`)
  write(
    'app/contact/form.test.tsx',
    `import { act } from 'react'
    import { createRoot } from 'react-dom/client'
    import { ContactForm } from './form'

    globalThis.IS_REACT_ACT_ENVIRONMENT = true
    test('the form is shown', async () => {
      await act(() => createRoot(document.body).render(<ContactForm />))
      expect(document.querySelector('input[name=email]')).not.toBeNull()
    })`,
  )
  for (const [name, tarball] of Object.entries(inject('tarballs'))) {
    if (!/core|next|emulator/.test(name)) continue
    const target = join(folder, 'node_modules', name)
    mkdirSync(target, { recursive: true })
    unpack(tarball, target)
  }
  installInto(folder, [
    ['jest', 'jest-30'],
    ['jest-environment-jsdom', 'jest-environment-jsdom-30'],
  ])
})

afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }))

it('next/jest runs a test of an action and one of its form, by what the guide says', () => {
  const { status, stderr } = spawnSync(
    process.execPath,
    [join(folder, 'node_modules/jest/bin/jest.js'), '--ci', '--no-cache'],
    {
      cwd: folder,
      encoding: 'utf8',
      env: {
        PATH: process.env.PATH,
        HOME: folder,
        CI: 'true',
        NEXT_TELEMETRY_DISABLED: '1',
      } as never,
    },
  )

  expect(stderr).toMatch(/Tests:\s+2 passed, 2 total/)
  expect(status).toBe(0)
})

function write(path: string, content: string): void {
  const file = join(folder, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, content)
}
