import { invalid } from '../message/invalid-message.ts'
import type { BatchRecipient } from './recipient.ts'

/** Where recipients come from. */
export type Recipients = Iterable<BatchRecipient> | AsyncIterable<BatchRecipient>

/** The recipients, asked for one by one and only when one is needed. Whatever it gives has yet to be read. */
export class Source {
  readonly #iterator: Iterator<unknown> | AsyncIterator<unknown>
  readonly #isAsync: boolean
  #interrupt: ((reason: unknown) => void) | undefined
  #isPending = false
  #isDone = false

  constructor(recipients: Recipients) {
    const object: unknown = recipients
    if (typeof object !== 'object' || object === null) throw notIterable()
    this.#isAsync = Symbol.asyncIterator in object
    if (Symbol.asyncIterator in object) {
      this.#iterator = (object as AsyncIterable<unknown>)[Symbol.asyncIterator]()
    } else if (Symbol.iterator in object) {
      this.#iterator = (object as Iterable<unknown>)[Symbol.iterator]()
    } else {
      throw notIterable()
    }
  }

  /** The next one, at once if the source is not asynchronous. */
  next(): IteratorResult<unknown> | Promise<IteratorResult<unknown>> {
    if (!this.#isAsync) return this.#step()
    // Not Promise.race with one promise for all: that would keep something of each until the end.
    return new Promise((resolve, reject) => {
      this.#interrupt = reject
      this.#isPending = true
      void this.#pull().then(resolve, reject)
    })
  }

  /** Ends the wait for a source that takes its time. */
  interrupt(reason: unknown): void {
    this.#interrupt?.(reason)
  }

  /** Lets the source release what it holds, unless it came to its end by itself. */
  async close(): Promise<void> {
    if (this.#isDone) return
    this.#isDone = true
    // A generator answers only after the value that it is still working on, which is no longer needed.
    const closing = this.#return()
    if (!this.#isPending) await closing
  }

  async #return(): Promise<void> {
    try {
      await this.#iterator.return?.()
    } catch {
      // The batch has ended, for a reason of its own: as in a loop that is left, this one is not told.
    }
  }

  #step(): IteratorResult<unknown> {
    try {
      return this.#note((this.#iterator as Iterator<unknown>).next())
    } catch (error) {
      this.#isDone = true
      throw error
    }
  }

  async #pull(): Promise<IteratorResult<unknown>> {
    try {
      return this.#note(await this.#iterator.next())
    } catch (error) {
      this.#isDone = true
      throw error
    } finally {
      this.#isPending = false
    }
  }

  #note(result: IteratorResult<unknown>): IteratorResult<unknown> {
    if (result.done) this.#isDone = true
    return result
  }
}

function notIterable(): Error {
  return invalid('recipients', 'must be an iterable of { to, variables }')
}
