import cluster from 'node:cluster'

let isWarned = false

/**
 * Warns, once, that keys in the memory of one process do not hold for its siblings: a worker of `node:cluster`, or one of several
 * instances that PM2 runs. Other ways to run several processes cannot be seen from inside.
 */
export function warnOfWorkers(environment: NodeJS.ProcessEnv = process.env): void {
  const isOneOfSeveral = cluster.isWorker || environment['NODE_APP_INSTANCE'] !== undefined
  if (isWarned || !isOneOfSeveral) return
  isWarned = true
  process.emitWarning(
    'This process is one of several workers, and its idempotency keys are in its own memory: two workers can send the same mail. ' +
      'Set store to one that all workers share.',
    'MailgunStoreWarning',
  )
}
