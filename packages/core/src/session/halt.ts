import { PhaseTimer } from './phase-timer.ts'
import { SessionError } from './session-error.ts'
import type { FailureReason } from './transaction-record.ts'

/** Ends an attempt from this side: at a deadline, at the caller's word, when the transport is closed. */
export class Halt {
  readonly #timer = new PhaseTimer(() => this.stop('deadline'))
  readonly #listeners = new Set<(error: SessionError) => void>()
  #error: SessionError | undefined
  #hasBegun = false

  /** Begins the time until the body, in milliseconds, unless it has begun. */
  beginUntilBody(length: number): void {
    if (this.#hasBegun) return
    this.#hasBegun = true
    this.#timer.begin(length)
  }

  /** Begins another phase; the one before is over. */
  begin(length: number): void {
    this.#timer.begin(length)
  }

  stop(reason: FailureReason): void {
    if (this.#error) return
    this.#error = new SessionError(reason)
    for (const listener of this.#listeners) listener(this.#error)
  }

  /** Tells when it is stopped, at once if it was. Call what it returns when that is no longer wanted. */
  onStop(listener: (error: SessionError) => void): () => void {
    if (this.#error) listener(this.#error)
    else this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** @throws {SessionError} if it was stopped. */
  check(): void {
    if (this.#error) throw this.#error
  }

  /** The attempt is over. */
  release(): void {
    this.#timer.stop()
    this.#listeners.clear()
  }
}
