#!/usr/bin/env node
import { addAbortSignal } from 'node:stream'
import { text } from 'node:stream/consumers'
import { sendExits } from './exit-codes.ts'
import { run } from './run.ts'

const interruption = new AbortController()
let interruptedBy: NodeJS.Signals | undefined

for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  // Only once: a second Ctrl-C ends a process that hangs.
  process.once(name, () => {
    interruptedBy ??= name
    interruption.abort()
  })
}

// The reader of the output may stop early, as `head` does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})

try {
  process.exitCode = await run(process.argv.slice(2), {
    environment: process.env,
    color: process.stdout.isTTY && !process.env.NO_COLOR,
    signal: interruption.signal,
    readInput: () => text(addAbortSignal(interruption.signal, process.stdin)),
    print: (result) => process.stdout.write(result),
    complain: (sentence) => process.stderr.write(`mailgun-smtp: ${sentence}\n`),
  })
} catch (error) {
  if (interruptedBy === undefined) {
    process.exitCode = sendExits.defect.code
    console.error(error)
  }
}

// End as the signal would have ended it, so that a shell also stops its script.
if (interruptedBy) process.kill(process.pid, interruptedBy)
