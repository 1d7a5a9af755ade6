import type { Clock } from '../clock.ts'
import type { ReceivedCopy } from '../mail/copy.ts'
import type { ReceivedSubmission } from '../mail/submission.ts'

/** Watches the clock for copies that wait for their time. */
export class DueTimes {
  readonly #clock: Clock
  readonly #deliver: (submission: ReceivedSubmission, copies: readonly ReceivedCopy[]) => void
  readonly #cancels = new Map<string, Set<() => void>>()

  constructor(
    clock: Clock,
    deliver: (submission: ReceivedSubmission, copies: readonly ReceivedCopy[]) => void,
  ) {
    this.#clock = clock
    this.#deliver = deliver
  }

  watch(submission: ReceivedSubmission): void {
    if (!submission.asksForTime) return
    const scheduled = submission.copies.filter(({ state }) => state === 'scheduled')
    for (const at of new Set(scheduled.map(({ dueAt }) => dueAt))) {
      const copies = scheduled.filter(({ dueAt }) => dueAt === at)
      this.#wait(at, submission, copies)
    }
  }

  forget(id: string): void {
    for (const cancel of this.#cancels.get(id) ?? []) cancel()
    this.#cancels.delete(id)
  }

  clear(): void {
    for (const id of this.#cancels.keys()) this.forget(id)
  }

  #wait(at: number, submission: ReceivedSubmission, copies: readonly ReceivedCopy[]): void {
    const { id } = submission
    const cancels = this.#cancels.get(id) ?? new Set()
    this.#cancels.set(id, cancels)
    const cancel = this.#clock.after(at - this.#clock.time(), () => {
      cancels.delete(cancel)
      if (cancels.size === 0) this.#cancels.delete(id)
      // A timer of Node's may run a millisecond early.
      if (this.#clock.time() < at) this.#wait(at, submission, copies)
      else this.#deliver(submission, copies)
    })
    cancels.add(cancel)
  }
}
