import type { Outcome } from '../outcome/outcome.ts'
import type { Chunk } from './chunk.ts'
import { reportsOf, type BatchSummary, type ChunkResult } from './report.ts'
import type { BatchSettings } from './settings.ts'

/** Counts the outcomes of the recipients and reports each, one at a time. */
export class Reporter {
  readonly #onReport: BatchSettings['onReport']
  readonly #outcomes: Record<Outcome, number> = {
    accepted: 0,
    rejected: 0,
    deferred: 0,
    unknown: 0,
  }
  #recipients = 0
  #chunks = 0
  /** The chunk that is told of now, and those in line behind it. */
  #telling: Promise<void> = Promise.resolve()
  #hasFailed = false

  constructor(onReport: BatchSettings['onReport']) {
    this.#onReport = onReport
  }

  get summary(): BatchSummary {
    return { recipients: this.#recipients, ...this.#outcomes, chunks: this.#chunks }
  }

  /** Tells of each recipient of a chunk, after those of the chunks that ended before. */
  async report(chunk: Chunk, result: ChunkResult): Promise<void> {
    const told = this.#telling.then(() => this.#tell(chunk, result))
    this.#telling = told.catch(() => undefined)
    await told
  }

  async #tell(chunk: Chunk, result: ChunkResult): Promise<void> {
    this.#chunks += 1
    let failure: { readonly error: unknown } | undefined
    for (const report of reportsOf(chunk, result)) {
      this.#recipients += 1
      this.#outcomes[report.outcome] += 1
      if (!this.#onReport || this.#hasFailed) continue
      try {
        // Asynchronous or not: waiting for each would cost a turn for every recipient.
        const wait = this.#onReport(report, this.summary)
        if (wait) await wait
      } catch (error) {
        this.#hasFailed = true
        failure = { error }
      }
    }
    if (failure) throw failure.error
  }
}
