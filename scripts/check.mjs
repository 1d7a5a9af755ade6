// Builds, then runs all tests in one Vitest run, and beside it the checks that are named.
// Usage: node scripts/check.mjs [typecheck] [format] [lint] [packages]
// Ends with what failed and the plain line 'N passed, N failed'. Each check counts as one, as a test does.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { packAll } from './pack.mjs'
import { reportFile } from './test-report.mjs'

// What an npx around this was called with: an npx within it would take that for its own, and refuse its words.
delete process.env.npm_config_call
delete process.env.npm_config_package

const packed = mkdtempSync(join(tmpdir(), 'mailgun-smtp-packed-'))
const turbo = ['turbo', 'run', '--concurrency=100%', '--output-logs=new-only']

const checks = {
  typecheck: [...turbo, 'typecheck'],
  format: ['oxfmt', '--check', '.'],
  lint: ['oxlint', '--type-aware', '--deny-warnings'],
  packages: ['node', 'scripts/check-packages.mjs', packed],
}

const sum = { passed: 0, failed: 0 }
/** What failed, each with its cause: said again at the end, as the output is long. */
const failures = []

try {
  if (await passes('build', [...turbo, 'build'])) {
    await time('pack', () => packAll(packed))
    // The checks run one after another, so that the tests keep most of the machine.
    await Promise.all([test(), inTurn(process.argv.slice(2))])
  }
} catch (error) {
  fail('scripts/check.mjs', String(error?.stack ?? error))
} finally {
  rmSync(packed, { recursive: true, force: true })
}

for (const { name, cause } of failures) console.log(`\nFAILED ${name}\n${cause}`)
process.exitCode = sum.failed > 0 || sum.passed === 0 ? 1 : 0
console.log(`\n${sum.passed} passed, ${sum.failed} failed`)

/** Runs every test, shows the progress, and adds up the report. */
async function test() {
  // A report from an earlier run must not be counted.
  rmSync(reportFile, { force: true })
  const { status } = await time('tests', () =>
    run(['vitest', 'run'], { stdio: ['ignore', 'inherit', 'inherit'] }),
  )
  if (!existsSync(reportFile)) {
    return fail('tests', `Vitest ended early (${status}) and wrote no report. Its error is above.`)
  }
  const { passed, skipped, failures: failed } = JSON.parse(readFileSync(reportFile, 'utf8'))
  sum.passed += passed
  for (const { name, cause } of failed) fail(name, cause)
  if (status !== 0 && failed.length === 0) {
    fail('tests', 'Vitest failed, though no test did. Its error is above.')
  }
  if (skipped > 0) {
    const words = `${skipped} tests were skipped; their reasons are above.`
    if (process.env.CI) fail('tests', `${words} In CI every test must run.`)
    else console.log(words)
  }
}

async function inTurn(names) {
  for (const name of names) if (await passes(name, checks[name])) sum.passed += 1
}

/** Runs a command, and shows its output as a whole, as others write at the same time. */
async function passes(name, command) {
  if (!command) throw new Error(`There is no check ${name}. Use ${Object.keys(checks).join(', ')}.`)
  const { status, output } = await time(name, () =>
    run(command, { stdio: ['ignore', 'pipe', 'pipe'] }),
  )
  if (status === 0) return true
  console.log(output)
  const lines = output.split('\n').filter((line) => line.trim() !== '')
  const causes = lines.filter((line) => /\berror\b|Error:|ERROR|✖|×/.test(line))
  fail(name, (causes.length > 0 ? causes : lines).slice(-40).join('\n'))
  return false
}

function fail(name, cause) {
  sum.failed += 1
  failures.push({ name, cause: cause.slice(0, 4000) })
}

/** Says when a step begins and ends, and how long it took. */
async function time(name, work) {
  console.log(`— ${name} …`)
  const begin = performance.now()
  const result = await work()
  const seconds = ((performance.now() - begin) / 1000).toFixed(0)
  const word = result?.status === undefined || result.status === 0 ? 'good' : 'FAILED'
  console.log(`— ${name}: ${word} (${seconds} s)`)
  return result
}

/** Runs a command to its end. */
async function run([file, ...args], { stdio }) {
  const child = spawn(file, args, {
    stdio,
    shell: process.platform === 'win32',
    env: { ...process.env, PACKED_IN: packed },
  })
  const ended = new Promise((resolve, reject) => {
    // A process that a signal ended has no exit code.
    child.once('close', (code, signal) => resolve(code ?? signal)).once('error', reject)
  })
  const streams = [child.stdout, child.stderr].filter((stream) => stream !== null)
  const [status, ...written] = await Promise.all([ended, ...streams.map((stream) => text(stream))])
  return { status, output: written.join('') }
}
