/** How long one step may take, in milliseconds, and what ends all of them sooner. */
export interface Limits {
  readonly timeout: number
  readonly signal: AbortSignal | undefined
}

/** A step took too long. */
export class SilenceError extends Error {}

/** Does one step within the limits. What the step throws, and the signal's reason, are thrown. */
export async function within<Result>(
  limits: Limits,
  step: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  limits.signal?.throwIfAborted()
  const timer = new AbortController()
  const timeout = setTimeout(() => timer.abort(), limits.timeout)
  const signals = limits.signal ? [timer.signal, limits.signal] : [timer.signal]
  try {
    return await step(AbortSignal.any(signals))
  } catch (error) {
    limits.signal?.throwIfAborted()
    throw timer.signal.aborted ? new SilenceError() : error
  } finally {
    clearTimeout(timeout)
  }
}
