// What a batch costs: against a loop of single mails by round trip time, and in memory by the number of recipients.
import { fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { performance } from 'node:perf_hooks'
import { createMailer } from '@mailgun-smtp/core'
import { createTransport } from 'nodemailer'
import { heading, median } from './compare.mjs'

const [recipients = 1_000, most = 1_000_000, rounds = 10] = process.argv.slice(2).map(Number)
const message = {
  from: 'bench@mg.example.com',
  subject: 'Hello %recipient.first%',
  text: `Your code is %recipient.code%. ${'x'.repeat(1_000)}`,
}

const server = spawn(process.execPath, ['emulator.mjs'], {
  cwd: import.meta.dirname,
  stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
})
const [transport] = await once(server, 'message')

heading(['round trip', 'loop of sendMail', 'sendBatch', 'loop / batch'], rounds)
for (const roundTrip of [0, 20, 80]) await race(roundTrip)
server.kill()

console.log()
heading(['recipients', 'messages', 'time', 'peak RSS', 'longest block of the event loop'], 1)
for (let count = 1_000; count <= most; count *= 10) await weigh(count)
// With a key the store in memory keeps every receipt, and so every address.
await weigh(most, 'bench')

/** Both ways through a line on which every byte takes half the round trip, over a pool of one connection. */
async function race(roundTrip) {
  const line = fork(path.join(import.meta.dirname, 'receivers', 'slow-line.mjs'), [
    String(transport.port),
    String(roundTrip / 2),
  ])
  const [port] = await once(line, 'message')
  const through = { ...transport, port, pool: true, maxConnections: 1 }
  const plain = createTransport(through)
  const mailer = createMailer(through)
  const loop = async () => {
    for (const { to, variables } of crowd(recipients)) {
      await plain.sendMail({ ...message, to, subject: `Hello ${variables.first}` })
    }
  }
  const batch = async () => {
    const { accepted } = await mailer.sendBatch(message, crowd(recipients))
    if (accepted !== recipients) throw new Error(`Only ${accepted} were accepted.`)
  }
  await plain.verify()
  await mailer.verify()
  const times = []
  for (let round = 0; round < rounds; round += 1)
    times.push([await timed(loop), await timed(batch)])
  const [first, second] = [median(times.map(([a]) => a)), median(times.map(([, b]) => b))]
  const ratio = median(times.map(([a, b]) => a / b))
  const each = (ms) => `${(ms / recipients).toFixed(2)} ms a recipient`
  console.log(`| ${roundTrip} ms | ${each(first)} | ${each(second)} | ${ratio.toFixed(1)} |`)
  plain.close()
  await mailer.close()
  line.disconnect()
}

/** A batch in a process of its own, built to the last byte and handed to nobody. */
async function weigh(count, ...key) {
  const child = fork(path.join(import.meta.dirname, 'receivers', 'batch-sender.mjs'), [
    String(count),
    ...key,
  ])
  const [{ messages, seconds, rss, block }] = await once(child, 'message')
  const cells = [
    key.length > 0 ? `${count}, with a key` : count,
    messages,
    `${seconds.toFixed(1)} s`,
    `${rss.toFixed(0)} MB`,
    `${block.toFixed(0)} ms`,
  ]
  console.log(`| ${cells.join(' | ')} |`)
}

async function timed(run) {
  const start = performance.now()
  await run()
  return performance.now() - start
}

function* crowd(count) {
  for (let n = 0; n < count; n += 1) {
    yield { to: `reader${n}@example.com`, variables: { first: `Reader ${n}`, code: n } }
  }
}
