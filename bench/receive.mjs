// What receiving costs: the emulator beside smtp-server, MailDev and smtp-sink, all under Postfix's smtp-source.
import { heading, median } from './compare.mjs'
import { startModule, startProgram } from './receiver.mjs'
import { sendMany, smtpSource } from './smtp-source.mjs'
import { printTargets } from './receive-targets.mjs'

const [rounds = 5, milliseconds = 400] = process.argv.slice(2).map(Number)
const columns = ['message', 'sessions', 'connections', 'receiver', 'messages/s', 'CPU a message']
columns.push('rate, emulator to it', 'CPU, emulator to it')
const sizes = [
  { size: '1 KB', bytes: 1_000, most: 16_000 },
  { size: '70 KB', bytes: 70_000, most: 4_000 },
  { size: '1 MB', bytes: 1_050_000, most: 400 },
]

if (!smtpSource) {
  console.log('SMTP_SOURCE names no smtp-source: nothing to send with, see README.md.')
  process.exit()
}

const receivers = await startAll()
try {
  heading(columns, rounds)
  const results = []
  for (const size of sizes) {
    for (const sessions of [1, 8]) {
      for (const kept of [true, false])
        results.push(...(await measure({ ...size, sessions, kept })))
    }
  }
  printTargets(results)
} finally {
  for (const { stop } of receivers) await stop()
}

async function startAll() {
  const started = [await startModule('emulator'), await startModule('smtp-server')]
  const { MAILDEV, SMTP_SINK } = process.env
  if (MAILDEV) {
    const flags = ['--ip', '127.0.0.1', '--disable-web', '--silent', '--max-emails', '1000']
    const run = (port) => [MAILDEV, '--smtp', String(port), ...flags]
    started.push(await startProgram('MailDev', process.execPath, run))
  } else console.log('MAILDEV names no maildev.js: left out.')
  if (SMTP_SINK) {
    // It will not run as root.
    const user = process.getuid() === 0 ? ['-u', 'nobody'] : []
    const run = (port) => [...user, `127.0.0.1:${port}`, '128']
    started.push(await startProgram('smtp-sink', SMTP_SINK, run))
  } else console.log('SMTP_SINK names no smtp-sink: left out.')
  return started
}

/** One after the other in every round, each for about the same time. */
async function measure(load) {
  const counts = new Map()
  for (const receiver of receivers) counts.set(receiver, await affordable(receiver, load))
  const runs = []
  for (let round = 0; round < rounds; round += 1) {
    const run = new Map()
    for (const receiver of receivers) {
      run.set(receiver.name, await send(receiver, load, counts.get(receiver)))
    }
    runs.push(run)
  }
  return receivers.map(({ name }) => row(name, load, runs))
}

/** A number of messages that keeps the receiver busy for the time of a run; finding out warms it up. */
async function affordable(receiver, load) {
  let count = load.sessions
  for (;;) {
    const { rate } = await send(receiver, load, count)
    if (count >= load.most || (count / rate) * 1_000 >= milliseconds) return count
    count = Math.min(count * 2, load.most)
  }
}

async function send(receiver, load, count) {
  const before = await receiver.cpu()
  const seconds = await sendMany({ ...load, port: receiver.port, count })
  return { rate: count / seconds, cpu: ((await receiver.cpu()) - before) / count }
}

function row(name, { size, sessions, kept }, runs) {
  const over = (what) => median(runs.map((run) => what(run.get(name), run.get('emulator'))))
  const result = {
    name,
    size,
    sessions,
    kept,
    rate: over((own) => own.rate),
    cpu: over((own) => own.cpu),
    rateRatio: over((own, ours) => ours.rate / own.rate),
    cpuRatio: over((own, ours) => ours.cpu / own.cpu),
  }
  const ratios =
    name === 'emulator' ? ['', ''] : [result.rateRatio.toFixed(2), result.cpuRatio.toFixed(2)]
  const cells = [size, sessions, kept ? 'kept' : 'new', name, Math.round(result.rate)]
  console.log(`| ${[...cells, `${Math.round(result.cpu)} µs`, ...ratios].join(' | ')} |`)
  return result
}
