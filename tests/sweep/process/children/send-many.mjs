// Sends so many messages through one pool, a window of them at once, and prints what came of them. It ends when nothing
// keeps it alive: a pool that is idle must not, whether it was closed or not.
import { createMailer } from '@mailgun-smtp/core'
import { watchTurns } from './longest-turn.mjs'

const { config, count, window, closes } = JSON.parse(process.argv[2])
const listening = () =>
  process.eventNames().map((name) => `${String(name)} ${process.listenerCount(name)}`)
const before = listening()
const mailer = createMailer(config)
const outcomes = {}
const heaps = []
let next = 0

function heap() {
  globalThis.gc()
  return process.memoryUsage().heapUsed
}

async function lane() {
  while (next < count) {
    const n = next++
    if (n % (count / 10) === 0) heaps.push(heap())
    const outcome = await mailer
      .send({
        from: 'shop@mg.example.com',
        to: `customer-${n}@example.com`,
        text: 'It is on its way.',
      })
      .then(
        () => 'accepted',
        (error) => error.outcome,
      )
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
  }
}

const stopWatching = watchTurns()
await Promise.all(Array.from({ length: window }, lane))
const longestTurnMs = stopWatching()
if (closes) await mailer.close()
process.once('exit', () => {
  heaps.push(heap())
  const listeners = listening().filter((name) => !before.includes(name) && !/^exit /.test(name))
  console.log(JSON.stringify({ outcomes, heaps, listeners, longestTurnMs }))
})
