// Minutes of load on an emulator with every fault on: what it still holds after each tenth, and after its close.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import path from 'node:path'
import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { createTransport } from 'nodemailer'
import { heading, median } from './compare.mjs'

const [minutes = 1] = process.argv.slice(2).map(Number)
const parts = 10
const workers = 8
const growthAllowed = 5

const file = path.join(import.meta.dirname, 'receivers', 'faulty.mjs')
const child = spawn(process.execPath, ['--expose-gc', file], {
  stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
})
const [{ transport, secureTransport }] = await once(child, 'message')
const patience = { connectionTimeout: 500, greetingTimeout: 500, socketTimeout: 500 }
const ways = [
  { ...transport, ...patience },
  { ...secureTransport, ...patience },
  { ...transport, ...patience, pool: true, maxConnections: 2 },
]

heading(
  ['part', 'sent', 'failed', 'faults', 'peak RSS', 'heap, emptied', 'outside it', 'handles left'],
  parts,
)
const heaps = []
for (let part = 1; part <= parts; part += 1) {
  const end = performance.now() + (minutes * 60_000) / parts
  const counts = { sent: 0, failed: 0 }
  await Promise.all(Array.from({ length: workers }, (_, n) => work(n, end, counts)))
  const { rss, struck } = await ask('peak')
  await quiet()
  const { heap, outside, handles } = await ask('empty')
  heaps.push(heap + outside)
  const sizes = [rss, heap, outside].map((size) => `${size.toFixed(1)} MB`)
  const cells = [part, counts.sent, counts.failed, struck, ...sizes, listed(handles)]
  console.log(`| ${cells.join(' | ')} |`)
}

// The first parts still warm up.
const growth = median(heaps.slice(-4)) - median(heaps.slice(2, 6))
console.log(
  `\nMemory, last four parts to parts 3 to 6: ${growth.toFixed(2)} MB, at most ${growthAllowed}: ${growth <= growthAllowed ? 'met' : 'missed'}`,
)

const lingering = await Promise.all(
  [transport, secureTransport].flatMap(({ port }) => [linger(port), linger(port)]),
)
const left = await ask('close')
console.log(
  `Handles after close() with ${lingering.length} clients on: ${listed(left)}: ${left.length === 0 ? 'met' : 'missed'}`,
)
child.disconnect()
const ended = await Promise.race([once(child, 'exit'), sleep(5_000, undefined, { ref: false })])
console.log(`The process then ends by itself: ${ended ? 'met' : 'missed'}`)
child.kill()
for (const socket of lingering) socket.destroy()

/** Sends until the time is up, with a pool or a new connection for each mail. */
async function work(n, end, counts) {
  const transporter = createTransport(ways[n % ways.length])
  for (let serial = 0; performance.now() < end; serial += 1) {
    try {
      await transporter.sendMail({
        from: 'bench@mg.example.com',
        to: [`reader${serial}@example.com`, `other${serial}@example.com`],
        subject: `Order ${n}/${serial}`,
        text: 'x'.repeat(serial % 20 === 0 ? 100_000 : 1_000),
      })
      counts.sent += 1
    } catch {
      counts.failed += 1
    }
  }
  transporter.close()
}

/** Until the clients' ends have reached the server, or are late. */
async function quiet() {
  for (let turn = 0; turn < 50; turn += 1) {
    const handles = await ask('handles')
    if (!handles.some((name) => name === 'TCPSocketWrap' || name === 'TLSWrap')) return
    await sleep(100)
  }
}

/** A client that stays, whatever comes. */
async function linger(port) {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => {})
  await once(socket, 'connect')
  return socket
}

async function ask(question) {
  child.send(question)
  return (await once(child, 'message'))[0]
}

function listed(handles) {
  const counts = new Map()
  for (const name of handles) counts.set(name, (counts.get(name) ?? 0) + 1)
  return Array.from(counts, ([name, count]) => `${count} ${name}`).join(', ') || 'none'
}
