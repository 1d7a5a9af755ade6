import { setImmediate as turn } from 'node:timers/promises'
import { resolveSettings } from './settings.ts'
import type { Store } from '../idempotency/store.ts'
import { invalid } from '../message/invalid-message.ts'
import { type MailgunMessage, refuse } from '../message/message.ts'
import { isReadOnce } from '../message/read-once.ts'
import { DeliveryError, MailgunError } from '../outcome/errors.ts'
import type { SendBatch } from '../observe/send-events.ts'
import type { Receipt } from '../outcome/receipt.ts'
import { BatchError } from './batch-error.ts'
import { Chunk } from './chunk.ts'
import { Cuts } from './cuts.ts'
import { type UsedVariables, usedVariables } from './placeholders.ts'
import { type Row, readRow } from './recipient.ts'
import type { BatchSummary, ChunkResult } from './report.ts'
import { Reporter } from './reporter.ts'
import type { BatchSettings, ResolvedBatchSettings } from './settings.ts'
import { type Recipients, Source } from './source.ts'
import { StopWatch, changed, forgotten, stopped } from './stops.ts'

/** Settings of one message of a batch. */
export interface ChunkSettings {
  readonly idempotencyKey?: string
  readonly signal?: AbortSignal
  /** Its place in the batch, for observers. */
  readonly batch: SendBatch
}

/** What sends the messages of a batch. */
export interface BatchMailer {
  send(message: MailgunMessage, settings: ChunkSettings): Promise<Receipt>
  /** Fields that each message gets beside its own: their placeholders need variables, too. */
  readonly defaults?: MailgunMessage | undefined
  /** Where batches with a key remember their chunks: the store that `send` uses. */
  readonly store: Store
  /** How long the store answers for a send, in milliseconds. */
  readonly lifetime: number
}

/**
 * Sends one message to any number of recipients, to each a copy of their own. It asks for recipients only as it sends.
 *
 * It resolves when every recipient was reported, whatever came of them.
 *
 * @throws {InvalidOptionError} for a message or a setting that is wrong, before anything is sent.
 * @throws {BatchError} if it stopped before the end. Recipients without a report were sent nothing.
 */
export async function sendBatch(
  mailer: BatchMailer,
  message: MailgunMessage,
  recipients: Recipients,
  settings: BatchSettings = {},
): Promise<BatchSummary> {
  checkMessage(message)
  const resolved = resolveSettings(settings)
  const batch = new Batch(mailer, message, new Source(recipients), resolved)
  return await batch.run()
}

function checkMessage(message: MailgunMessage): void {
  if (typeof message !== 'object' || message === null) throw invalid('message', 'must be an object')
  for (const field of ['to', 'cc', 'bcc', 'envelope']) {
    refuse(
      message,
      field,
      "does not belong in a batch's message: the recipients are the second argument",
    )
  }
  refuse(message, 'messageId', 'is made for each message of a batch')
  if (message.mailgun?.recipientVariables) {
    throw invalid('mailgun.recipientVariables', 'are given with each recipient of a batch')
  }
  if (isReadOnce(message)) {
    throw invalid('message', 'must not hold streams: a batch sends it many times')
  }
}

class Batch {
  readonly #mailer: BatchMailer
  readonly #message: MailgunMessage
  readonly #source: Source
  readonly #settings: ResolvedBatchSettings
  readonly #used: UsedVariables
  readonly #cuts: Cuts | undefined
  readonly #reporter: Reporter
  readonly #stop = new StopWatch()
  readonly #sending = new Set<Promise<void>>()
  #index = 0
  /** A row that the chunk before had no room for. */
  #waiting: Row | undefined

  constructor(
    mailer: BatchMailer,
    message: MailgunMessage,
    source: Source,
    settings: ResolvedBatchSettings,
  ) {
    const { key, onReport } = settings
    this.#mailer = mailer
    this.#message = { ...message }
    this.#source = source
    this.#settings = settings
    this.#used = usedVariables({ ...mailer.defaults, ...message })
    this.#cuts = key === undefined ? undefined : new Cuts(key, mailer.store, mailer.lifetime)
    this.#reporter = new Reporter(onReport)
  }

  async run(): Promise<BatchSummary> {
    const { signal } = this.#settings
    const abort = (): void => this.#stop.stop(signal?.reason)
    this.#stop.onStop = (reason) => this.#source.interrupt(reason)
    signal?.addEventListener('abort', abort, { once: true })
    if (signal?.aborted) abort()
    try {
      await this.#sendAll()
    } catch (error) {
      this.#stop.stop(error)
    } finally {
      await Promise.all(this.#sending)
      signal?.removeEventListener('abort', abort)
      await this.#source.close()
    }
    if (this.#stop.isStopped) throw this.#ending(this.#stop.reason)
    return this.#reporter.summary
  }

  async #sendAll(): Promise<void> {
    for (let number = 0; !this.#stop.isStopped; number += 1) {
      const chunk = await this.#cut(number)
      if (chunk.rows.length === 0) return
      await this.#look(chunk)
      // Cutting and building each take the thread for a while: in between it belongs to the others.
      await turn()
      if (this.#stop.isStopped) return
      const sending: Promise<void> = this.#send(chunk)
        .catch((error: unknown) => this.#stop.stop(error))
        .finally(() => this.#sending.delete(sending))
      this.#sending.add(sending)
      if (this.#sending.size >= this.#settings.concurrency) await Promise.race(this.#sending)
      // A store may answer for a whole batch without anything of this process waiting for it.
      await turn()
    }
  }

  /** The next rows of the source; none at its end. */
  async #cut(number: number): Promise<Chunk> {
    const chunk = new Chunk(number, this.#settings.limits, this.#used.everywhere)
    while (!chunk.isFull) {
      const row = this.#waiting ?? (await this.#pull())
      this.#waiting = undefined
      if (!row) break
      if (!chunk.add(row)) {
        this.#waiting = row
        break
      }
    }
    return chunk
  }

  async #pull(): Promise<Row | undefined> {
    const next = this.#source.next()
    const result = next instanceof Promise ? await next : next
    if (result.done) return undefined
    const row = readRow(result.value, this.#index, this.#used.inHeader)
    this.#index += 1
    return row
  }

  async #look(chunk: Chunk): Promise<void> {
    const state = await this.#cuts?.look(chunk)
    if (state === 'changed') throw changed(this.#reporter.summary)
    if (state === 'forgotten') throw forgotten(this.#reporter.summary)
  }

  async #send(chunk: Chunk): Promise<void> {
    const result = chunk.addressees.length > 0 ? await this.#outcome(chunk) : {}
    this.#stop.note(result)
    await this.#reporter.report(chunk, result)
  }

  async #outcome(chunk: Chunk): Promise<ChunkResult> {
    const { signal } = this.#settings
    const key = this.#cuts?.keyOf(chunk)
    try {
      const receipt = await this.#mailer.send(this.#messageTo(chunk), {
        ...(key !== undefined && { idempotencyKey: key }),
        ...(signal && { signal }),
        batch: { chunk: chunk.number },
      })
      return { receipt }
    } catch (error) {
      if (error instanceof DeliveryError) return { error }
      throw error
    }
  }

  #messageTo(chunk: Chunk): MailgunMessage {
    return {
      ...this.#message,
      to: chunk.addressees.map(({ name, address }) => (name === '' ? address : { name, address })),
      mailgun: { ...this.#message.mailgun, recipientVariables: chunk.recipientVariables },
    }
  }

  #ending(reason: unknown): unknown {
    const { summary } = this.#reporter
    if (reason instanceof BatchError) return reason
    if (reason instanceof MailgunError) {
      if (reason.code === 'ERR_MAILGUN_IDEMPOTENCY_MISMATCH') return changed(summary)
      // Nothing began: the mailer or the message is wrong, and says so itself.
      if (!(reason instanceof DeliveryError) && summary.recipients === 0) return reason
    }
    return stopped(reason, summary)
  }
}
