// What many messages weigh, and what finding one of them costs.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { performance } from 'node:perf_hooks'
import { heading } from './compare.mjs'
import { openSession } from './smtp-session.mjs'

const [messages = 100_000] = process.argv.slice(2).map(Number)
const sessions = 8

const file = path.join(import.meta.dirname, 'receivers', 'full-inbox.mjs')
const child = spawn(process.execPath, ['--expose-gc', file], {
  stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
})
const [{ port, httpUrl }] = await once(child, 'message')

heading(['what', 'found', 'target', ''], 1)
await fill(sessions)
const before = await ask('memory')
const start = performance.now()
await fill(messages)
const seconds = (performance.now() - start) / 1_000
const after = await ask('memory')
const kept = await ask('kept')
if (kept !== messages + sessions) throw new Error(`Only ${kept} messages are kept.`)

const growth = (what) => (after[what] - before[what]) / 1e6
row(`memory, ${messages} × 1 KB`, growth('rss'), 'MB', 250)
row('of it heap', growth('heapUsed'), 'MB')
row('of it buffers', growth('arrayBuffers'), 'MB')
row('filled in', seconds, 's')
// The oldest, so that all of the others are looked at first.
const oldest = { messageId: messageId(0) }
await questions('waitFor by Message-ID', 'waitFor', oldest)
await questions('waitFor by recipient', 'waitFor', { to: recipient(0) })
await questions('waitFor by subject', 'waitFor', { subject: subject(0) })
await questions('ledger by Message-ID', 'copies', oldest)
await questions('ledger by recipient', 'copies', { recipient: recipient(0) })
child.disconnect()
await once(child, 'exit')

async function fill(count) {
  let next = 0
  await Promise.all(
    Array.from({ length: sessions }, async () => {
      const session = await openSession(port)
      while (next < count) await session.send(message(next++))
      await session.quit()
    }),
  )
}

function message(n) {
  const to = recipient(n)
  const head = [
    'From: Bench <bench@mg.example.com>',
    `To: ${to}`,
    `Subject: ${subject(n)}`,
    `Message-ID: ${messageId(n)}`,
    'Date: Mon, 23 Nov 2026 04:00:00 +0000',
    `X-Mailgun-Tag: tag-${n % 10}`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
  ].join('\r\n')
  const line = `${'x'.repeat(70)}\r\n`
  const body = line.repeat(Math.floor((1_000 - head.length) / line.length))
  return { from: 'bench@mg.example.com', to, source: `${head}\r\n\r\n${body}` }
}

function recipient(n) {
  return `reader${n}@example.com`
}

function subject(n) {
  return `Order ${n}`
}

function messageId(n) {
  return `<${n}@mg.example.com>`
}

async function ask(question, about) {
  child.send({ ask: question, ...about })
  return (await once(child, 'message'))[0]
}

async function questions(words, question, filter) {
  const { first, later } = await ask(question, { filter })
  row(`${words}, first time`, first, 'ms', 50)
  row(words, later, 'ms', 50)
}

function row(what, value, unit, most) {
  const verdict =
    most === undefined ? ['', ''] : [`${most} ${unit}`, value <= most ? 'met' : 'missed']
  console.log(`| ${[what, `${value.toFixed(1)} ${unit}`, ...verdict].join(' | ')} |`)
}
