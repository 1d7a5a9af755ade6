// An emulator on which everything goes wrong now and then; it ends by itself once closed, or something was left open.
import { createMailgunEmulator } from '@mailgun-smtp/emulator'
import { everyFault } from './every-fault.mjs'

const probability = 0.002

const emulator = await createMailgunEmulator()
arm()
process.on('message', async (question) => process.send?.(await answers[question]()))
process.send?.({ transport: emulator.transport, secureTransport: emulator.secureTransport })

function arm() {
  for (const fault of everyFault) emulator.faults.chance(probability, fault)
}

/** What keeps a process alive, but for the channel to the parent. */
function handles() {
  return process.getActiveResourcesInfo().filter((name) => name !== 'PipeWrap')
}

const answers = {
  peak: () => ({
    rss: process.memoryUsage().rss / 1e6,
    kept: emulator.submissions.length,
    entered: emulator.ledger.count(),
    struck: emulator.faults.list().reduce((sum, { fired }) => sum + fired, 0),
  }),
  handles,
  empty: () => {
    emulator.reset()
    arm()
    globalThis.gc()
    globalThis.gc()
    const { heapUsed, external, arrayBuffers } = process.memoryUsage()
    return { heap: heapUsed / 1e6, outside: (external + arrayBuffers) / 1e6, handles: handles() }
  },
  close: async () => {
    await emulator.close()
    // What was closed lets go of its handle at the end of the event loop's turn.
    for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve))
    return handles()
  },
}
