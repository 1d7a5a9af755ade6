/** Ends an app: no new requests, those in flight answered, mail in flight sent. */
export type Close = () => Promise<void>

/** How long an app may take to end after its parent has ended, in milliseconds. */
const patience = 3000

/**
 * Runs an app as one process of the demo: says when it is ready, and ends with the demo, also with one that was killed
 * and could say nothing.
 */
export async function runApp(start: () => Promise<Close>): Promise<void> {
  const starting = start()
  let ends = false
  const end = async (): Promise<void> => {
    if (ends) return
    ends = true
    setTimeout(() => process.exit(1), patience).unref()
    const close = await starting
    await close()
    process.exit(0)
  }
  const endOrFail = (): void => void end().catch(fail)
  process.on('SIGTERM', endOrFail)
  process.on('disconnect', endOrFail)
  // Ctrl-C reaches the whole process group; the demo says when and in which order.
  process.on('SIGINT', () => {})
  try {
    await starting
    // The demo may have ended meanwhile. That is not a failure.
    process.send?.('ready', undefined, undefined, () => {})
  } catch (error) {
    fail(error)
  }
}

function fail(error: unknown): never {
  console.error(error instanceof Error ? error.message : 'The app could not start.')
  process.exit(1)
}
