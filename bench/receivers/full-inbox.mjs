// An emulator with room for all of memory.mjs's mail; tells what it weighs and what a question costs.
import { createMailgunEmulator } from '@mailgun-smtp/emulator'
import { performance } from 'node:perf_hooks'

const emulator = await createMailgunEmulator({
  credentials: 'none',
  securePort: false,
  retention: { messages: 1_000_000, bytes: 1e9 },
})
process.on('message', async ({ ask, ...about }) => process.send?.(await answers[ask](about)))
process.once('disconnect', () => process.exit())
process.send?.({ port: emulator.port, httpUrl: emulator.httpUrl })

const answers = {
  memory: () => {
    globalThis.gc()
    globalThis.gc()
    return process.memoryUsage()
  },
  waitFor: ({ filter }) => timed(() => emulator.waitFor(filter)),
  copies: ({ filter }) => timed(() => emulator.ledger.copies(filter)),
  kept: () => emulator.submissions.length,
}

/** In ms: the first time, and the median of the next nine. */
async function timed(question) {
  const times = []
  for (let n = 0; n < 10; n += 1) {
    const start = performance.now()
    await question()
    times.push(performance.now() - start)
  }
  const [first, ...later] = times
  return { first, later: later.toSorted((x, y) => x - y)[4] }
}
