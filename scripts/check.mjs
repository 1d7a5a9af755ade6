// Runs Turborepo tasks, adds up the test report of every package, and ends with the plain line
//   N passed, N failed[, N skipped]
// Fails if a task failed, a test failed, a report is missing, or no test ran.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'

const tasks = process.argv.slice(2)
const projects = ['packages', 'apps']
  .flatMap((group) => readdirSync(group).map((name) => `${group}/${name}`))
  .concat('tests', 'bench')
  .filter((folder) => existsSync(`${folder}/vitest.config.ts`))
const report = (folder) => `${folder}/test-results.json`

// A stale report must not be counted; Turborepo brings back that of a task it has cached.
for (const folder of projects) rmSync(report(folder), { force: true })

// One package for each core: ten at once on two cores made tests run into their time limits.
const args = ['run', ...tasks, '--concurrency=100%', '--continue=dependencies-successful']
const turbo = spawnSync('turbo', args, { stdio: 'inherit', shell: process.platform === 'win32' })
if (turbo.error) throw turbo.error

const sum = { passed: 0, failed: 0, skipped: 0 }
for (const folder of projects) {
  if (!existsSync(report(folder))) {
    console.error(`${folder}: no test report`)
    sum.failed += 1
    continue
  }
  const results = JSON.parse(readFileSync(report(folder), 'utf8'))
  sum.passed += results.numPassedTests
  sum.failed += results.numFailedTests
  sum.skipped += results.numPendingTests + results.numTodoTests
  // A file that could not be loaded has no tests of its own: it counts as one failure.
  sum.failed += results.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  ).length
}

// A type error fails no test, and the line below is what is read.
if (turbo.status !== 0 && sum.failed === 0) {
  console.error(`A task of ${tasks.join(', ')} failed, though no test did: its error stands above.`)
  sum.failed += 1
}

const skipped = sum.skipped > 0 ? `, ${sum.skipped} skipped` : ''
// The whole sum is the last line, also where Turborepo wrote its own summary to the other stream.
console.log(`${sum.passed} passed, ${sum.failed} failed${skipped}`)
process.exitCode = sum.failed > 0 || sum.passed === 0 ? 1 : 0
