import type { DeliveryError, InvalidOptionError } from '../outcome/errors.ts'
import type { Outcome, RefusedRecipient, Reply } from '../outcome/outcome.ts'
import type { Receipt } from '../outcome/receipt.ts'
import type { Chunk } from './chunk.ts'

/** The outcome for one recipient. Inspecting it shows no address. */
export interface BatchReport {
  /** Its place in the source, from 0. */
  readonly index: number
  /** As it was given. */
  readonly to: string
  readonly outcome: Outcome
  /** The number of its message, from 0. */
  readonly chunk: number
  /** The Message-ID of its message, with angle brackets; none if there was no message for it. */
  readonly messageId?: string | undefined
  /** The server's reply: to this recipient if there was one, otherwise to the message. */
  readonly reply?: Reply | undefined
  /** Why it was not accepted: what is wrong with the recipient, or the error of the whole message. */
  readonly error?: InvalidOptionError | DeliveryError | undefined
}

/** The outcomes of a batch, in numbers of recipients. */
export interface BatchSummary {
  /** All that were reported. */
  readonly recipients: number
  readonly accepted: number
  readonly rejected: number
  readonly deferred: number
  readonly unknown: number
  /** How many chunks they were cut into. A chunk without a valid recipient is not sent. */
  readonly chunks: number
}

const inspect = Symbol.for('nodejs.util.inspect.custom')

class Report implements BatchReport {
  readonly index: number
  readonly to: string
  readonly outcome: Outcome
  readonly chunk: number
  declare readonly messageId?: string | undefined
  declare readonly reply?: Reply | undefined
  declare readonly error?: InvalidOptionError | DeliveryError | undefined

  constructor({ index, to, outcome, chunk, messageId, reply, error }: BatchReport) {
    this.index = index
    this.to = to
    this.outcome = outcome
    this.chunk = chunk
    if (messageId !== undefined) this.messageId = messageId
    if (reply !== undefined) this.reply = reply
    if (error !== undefined) this.error = error
  }

  [inspect](): object {
    const { to: _hidden, ...shown } = this
    return shown
  }
}

/** The result of a chunk: a receipt, or the error that its send ended with. Neither, if it had no valid recipient. */
export interface ChunkResult {
  readonly receipt?: Receipt
  readonly error?: DeliveryError
}

/** The report of each recipient of a chunk, in the order of the source. */
export function* reportsOf(chunk: Chunk, { receipt, error }: ChunkResult): Generator<BatchReport> {
  const refusals = receipt?.refused ?? error?.refused ?? []
  const byAddress = new Map(refusals.map((refusal) => [refusal.address, refusal]))
  const whole = {
    chunk: chunk.number,
    outcome: error?.outcome ?? 'accepted',
    messageId: receipt?.messageId ?? error?.messageId,
    reply: receipt?.reply ?? error?.reply,
    error,
  } satisfies Partial<BatchReport>
  for (const { index, to, addressee, error: wrong } of chunk.rows) {
    if (!addressee) {
      yield new Report({ index, to, chunk: chunk.number, outcome: 'rejected', error: wrong })
      continue
    }
    yield new Report({ index, to, ...whole, ...ownWords(byAddress.get(addressee.address)) })
  }
}

function ownWords(refusal: RefusedRecipient | undefined): Partial<BatchReport> {
  return refusal ? { outcome: refusal.outcome, reply: refusal.reply, error: undefined } : {}
}
