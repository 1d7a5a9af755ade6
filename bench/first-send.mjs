// What a test waits for: the import in a new process; then, warm, the start and the first mail of each of many emulators.
import { createMailgunEmulator } from '@mailgun-smtp/emulator'
import { execFileSync } from 'node:child_process'
import { performance } from 'node:perf_hooks'
import { createTransport } from 'nodemailer'
import { heading, median } from './compare.mjs'

const times = 30
const message = {
  from: 'a@mg.example.com',
  to: 'b@example.com',
  subject: 'Bench',
  text: 'x'.repeat(1_000),
}
const ways = [
  {
    words: 'plaintext',
    most: 5,
    options: { credentials: 'none' },
    reach: ({ host, port }) => ({ host, port, ignoreTLS: true }),
  },
  { words: 'STARTTLS and login', most: 20, reach: ({ transport }) => transport },
  { words: 'implicit TLS and login', most: 20, reach: ({ secureTransport }) => secureTransport },
]

heading(['what', 'median', 'worst', 'target', ''], times)
row('import, new process', Array.from({ length: 10 }, importInNewProcess), 50)
for (const { words, most, options, reach } of ways) {
  const found = []
  for (let n = 0; n < times; n += 1) found.push(await startAndSend(options, reach))
  row(`start, then ${words}`, column(found, 'start'))
  row(`first send, ${words}`, column(found, 'first'), most)
  row(`second send, ${words}, new connection`, column(found, 'second'))
  row(`close, then ${words}`, column(found, 'close'))
}

async function startAndSend(options, reach) {
  const found = {}
  const emulator = await timed(found, 'start', () => createMailgunEmulator(options))
  const transporter = createTransport(reach(emulator))
  await timed(found, 'first', () => transporter.sendMail(message))
  await timed(found, 'second', () => transporter.sendMail(message))
  transporter.close()
  await timed(found, 'close', () => emulator.close())
  return found
}

async function timed(found, name, work) {
  const start = performance.now()
  const result = await work()
  found[name] = performance.now() - start
  return result
}

function importInNewProcess() {
  const script = `
    const start = performance.now()
    await import('@mailgun-smtp/emulator')
    console.log(performance.now() - start)`
  const options = { cwd: import.meta.dirname, encoding: 'utf8', timeout: 20_000 }
  const flags = ['--input-type=module', '--eval', script]
  return Number(execFileSync(process.execPath, flags, options))
}

function column(found, name) {
  return found.map((each) => each[name])
}

function row(what, values, most) {
  const middle = median(values)
  const verdict = most === undefined ? ['', ''] : [`${most} ms`, middle <= most ? 'met' : 'missed']
  const cells = [what, `${middle.toFixed(1)} ms`, `${Math.max(...values).toFixed(1)} ms`]
  console.log(`| ${[...cells, ...verdict].join(' | ')} |`)
}
