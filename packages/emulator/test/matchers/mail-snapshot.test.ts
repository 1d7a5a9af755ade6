import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

interface Report {
  readonly testResults: readonly {
    readonly assertionResults: readonly {
      readonly title: string
      readonly status: string
      readonly failureMessages: readonly string[]
    }[]
  }[]
}

/** Runs Vitest by itself: a comparison that fails here would count against this run. */
async function runFixture(): Promise<Report> {
  const vitest = fileURLToPath(new URL('vitest.mjs', import.meta.resolve('vitest/package.json')))
  const root = fileURLToPath(new URL('snapshot-run', import.meta.url))
  const args = [vitest, 'run', '--root', root, '--reporter=json']
  // What this run told its workers is not for the other; under CI nothing is written.
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('VITEST'))
  const env = { ...Object.fromEntries(own), CI: '1' }
  const run = promisify(execFile)(process.execPath, args, { env, cwd: root })
  const { stdout } = await run.catch((error: { readonly stdout: string }) => error)
  return JSON.parse(stdout.slice(stdout.indexOf('{'))) as Report
}

test("toMatchMailSnapshot compares with Vitest's snapshot file, whatever the run made anew", async () => {
  const { testResults } = await runFixture()

  const results = testResults.flatMap(({ assertionResults }) => assertionResults)
  expect(results.map(({ title, status }) => [title, status])).toEqual([
    ['as it was before', 'passed'],
    ['with another subject', 'failed'],
    ['turned around', 'failed'],
  ])
  const [, changed, turned] = results.map(({ failureMessages }) => failureMessages.join('\n'))
  expect(changed).toMatch(/^Error: Snapshot `with another subject 1` mismatched/)
  expect(turned).toContain('cannot be used with "not"')
})
