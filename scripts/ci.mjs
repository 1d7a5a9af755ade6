// Everything that must hold before a change lands: the tests as a newcomer runs them, then format, lint and the
// packages as they would be published. Ends with the plain line 'N passed, N failed'; each further check counts as one.
import { spawn } from 'node:child_process'

const pnpm = ['npx', '-y', '--prefer-offline', 'pnpm@12.21.0']

const checks = [
  { name: 'format', command: [...pnpm, 'exec', 'turbo', 'run', '//#format'] },
  { name: 'lint', command: [...pnpm, 'exec', 'turbo', 'run', '//#lint'] },
  { name: 'packages', command: ['node', 'scripts/check-packages.mjs'] },
  { name: 'sweep', command: [...pnpm, 'run', 'sweep'] },
]

const tests = await run(['npm', 'test'])
const line = /^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$/m.exec(
  tests.output.split('\n').slice(-40).join('\n'),
)
/** What failed, each with what it printed: said again at the end, as the sweep's output is long. */
const failures = []
let passed = Number(line?.[1] ?? 0)
let failed = Number(line?.[2] ?? 0)
if (tests.status !== 0) {
  if (failed === 0) failed += 1
  failures.push({ name: 'npm test', output: tests.output })
}
if (line?.[3]) {
  failures.push({ name: 'npm test', output: 'Error: a test was skipped; here every one must run.' })
  failed += 1
}

for (const { name, command } of checks) {
  console.log(`\n— ${name}`)
  const { status, output } = await run(command)
  if (status === 0) passed += 1
  else {
    failed += 1
    failures.push({ name, output })
  }
  console.log(`— ${name}: ${status === 0 ? 'good' : 'FAILED'}`)
}

for (const { name, output } of failures) {
  const causes = output
    .split('\n')
    .filter((text) => /\bFAIL\b|\berror\b|Error:|ERROR|Failed:/.test(text))
  console.log(`\n${name} failed:`)
  for (const cause of causes.length > 0 ? causes.slice(-40) : output.split('\n').slice(-40))
    console.log(cause)
}

process.exitCode = failed > 0 || passed === 0 ? 1 : 0
console.log(`${passed} passed, ${failed} failed`)

/** Runs a command, shows its output as it comes, and keeps it. */
function run([file, ...args]) {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
    })
    let output = ''
    for (const stream of ['stdout', 'stderr']) {
      child[stream].setEncoding('utf8')
      child[stream].on('data', (text) => {
        output += text
        process[stream].write(text)
      })
    }
    child.once('error', reject)
    child.once('close', (status) => resolve({ status, output }))
  })
}
