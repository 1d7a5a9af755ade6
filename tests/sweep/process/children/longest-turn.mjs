import { readFileSync } from 'node:fs'
import { performance } from 'node:perf_hooks'

/**
 * From how many milliseconds on a turn is a fault on any machine. What a free one does is printed: it stays below 100.
 */
export const heldUp = 500

/**
 * Watches how long this thread works before others get their turn. Of the clock and the processor's time the smaller
 * counts: on a busy machine a turn takes longer, and nobody here is at fault.
 *
 * @returns what stops it, and gives the longest turn in milliseconds.
 */
export function watchTurns() {
  let longest = 0
  let isWatched = true
  let clock = performance.now()
  let work = processorTime()
  const look = () => {
    longest = Math.max(longest, Math.min(performance.now() - clock, processorTime() - work))
    clock = performance.now()
    work = processorTime()
    if (isWatched) setImmediate(look).unref()
  }
  setImmediate(look).unref()
  return () => {
    isWatched = false
    return longest
  }
}

/** Of this thread where the system tells it, else of the process, in milliseconds. */
function processorTime() {
  try {
    // Linux, proc_pid_schedstat: the first number is the time on a processor, in nanoseconds.
    return Number(readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ')[0]) / 1e6
  } catch {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1000
  }
}
