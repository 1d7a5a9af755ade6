import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, inject, it } from 'vitest'
import { root } from '../workspace.ts'
import { guideFiles } from './world/guide-files.ts'

/** What the guide's app has, with Jest. */
const dependencies = {
  jest: '^30.0.0',
  'jest-environment-jsdom': '^30.0.0',
  next: '^16.0.0',
  react: '^19.0.0',
  'react-dom': '^19.0.0',
  typescript: '^5.9.0',
  zod: '^4.0.0',
}

/** A test of a component in jsdom, which loads the action and does not call it. */
const formTest = `
  import { act } from 'react'
  import { createRoot } from 'react-dom/client'
  import { ContactForm } from './form'

  globalThis.IS_REACT_ACT_ENVIRONMENT = true
  test('the form is shown', async () => {
    await act(() => createRoot(document.body).render(<ContactForm />))
    expect(document.querySelector('input[name=email]')).not.toBeNull()
  })`

it.each(['npm', 'pnpm'] as const)(
  'next/jest, installed by %s, runs a test of an action and one of its form by what the guide says',
  (manager) => {
    const folder = mkdtempSync(join(tmpdir(), 'mailgun-smtp-jest-'))
    try {
      writeApp(folder)
      install(folder, manager)

      expect(run(folder, join(folder, 'node_modules/.bin/jest'), '--ci')).toMatch(
        /Tests:\s+2 passed, 2 total/,
      )
    } finally {
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
    }
  },
)

function writeApp(folder: string): void {
  const guide = readFileSync(`${root}docs/guides/nextjs.md`, 'utf8')
  const [, config = ''] = /^`jest\.config\.mjs`\n\n```js\n([\s\S]*?)^```$/m.exec(guide) ?? []
  const files = guideFiles({ tests: true })
  // The guide's test is one for Vitest, and the guide says what Jest needs.
  const actionTest = files.get('app/contact/actions.test.ts')?.replace(/^import .*'vitest'\n/m, '')
  const app = {
    'jest.config.mjs': config,
    'app/contact/actions.test.ts': `/** @jest-environment node */\n${actionTest}`,
    'app/contact/form.test.tsx': formTest,
    ...Object.fromEntries(
      ['schema.ts', 'actions.ts', 'form.tsx'].map((name) => [
        `app/contact/${name}`,
        files.get(`app/contact/${name}`) ?? '',
      ]),
    ),
  }
  for (const [path, content] of Object.entries(app)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
}

function install(folder: string, manager: 'npm' | 'pnpm'): void {
  const tarballs = inject('tarballs')
  const own = ['core', 'next', 'emulator'].map((room) => {
    const name = `@mailgun-smtp/${room}`
    return [name, `file:${tarballs[name]}`] as const
  })
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({
      private: true,
      dependencies: { ...dependencies, ...Object.fromEntries(own) },
    }),
  )
  if (manager === 'npm') {
    run(folder, 'npm', 'install', '--no-audit', '--no-fund', '--prefer-offline')
    return
  }
  // Our packages name each other by version, and the registry may not have that version yet.
  const overrides = own.map(([name, source]) => `  '${name}': '${source}'\n`).join('')
  writeFileSync(
    join(folder, 'pnpm-workspace.yaml'),
    `overrides:\n${overrides}strictDepBuilds: false\n`,
  )
  run(folder, 'npx', '-y', '--prefer-offline', 'pnpm@12.21.0', 'install', '--prefer-offline')
}

/** What a program printed, by both of its streams. */
function run(cwd: string, program: string, ...args: readonly string[]): string {
  const { NODE_ENV: _, VITEST: _vitest, ...environment } = process.env
  const env: Record<string, string | undefined> = { ...environment, NEXT_TELEMETRY_DISABLED: '1' }
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd,
    encoding: 'utf8',
    env: env as NodeJS.ProcessEnv,
  })
  if (status !== 0) throw new Error(`${program} ended with ${status}.\n${stdout}\n${stderr}`)
  return stdout + stderr
}
