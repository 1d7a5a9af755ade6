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
let passed = Number(line?.[1] ?? 0)
let failed = Number(line?.[2] ?? 0)
if (tests.status !== 0 && failed === 0) failed += 1
if (line?.[3]) {
  console.error('A check was skipped; here every check must run.')
  failed += 1
}

for (const { name, command } of checks) {
  console.log(`\n— ${name}`)
  const { status } = await run(command)
  if (status === 0) passed += 1
  else failed += 1
  console.log(`— ${name}: ${status === 0 ? 'good' : 'FAILED'}`)
}

process.exitCode = failed > 0 || passed === 0 ? 1 : 0
console.log(`${passed} passed, ${failed} failed`)

/** Runs a command, shows its output as it comes, and keeps it. */
function run([file, ...args]) {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      stdio: ['ignore', 'pipe', 'inherit'],
      shell: process.platform === 'win32',
    })
    let output = ''
    child.stdout.setEncoding('utf8')
    child.stdout.on('data', (text) => {
      output += text
      process.stdout.write(text)
    })
    child.once('error', reject)
    child.once('close', (status) => resolve({ status, output }))
  })
}
