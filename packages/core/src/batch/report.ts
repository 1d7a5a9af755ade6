import type { DeliveryError, InvalidOptionError } from '../outcome/errors.ts'
import type { Outcome, RecipientResult, Reply } from '../outcome/outcome.ts'
import type { Receipt } from '../outcome/receipt.ts'
import { recipientForm } from '../outcome/recipient-form.ts'
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
  /** What the server answered: of this recipient if it spoke of it, otherwise of the message. */
  readonly reply?: Reply | undefined
  /** What is known of the recipient: code, fault, cure and more. None if the row is wrong. */
  readonly result?: RecipientResult | undefined
  /** Why it is not accepted: what is wrong with the row, or the error of the whole message. */
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
  declare readonly result?: RecipientResult | undefined
  declare readonly error?: InvalidOptionError | DeliveryError | undefined

  constructor({ index, to, outcome, chunk, messageId, reply, result, error }: BatchReport) {
    this.index = index
    this.to = to
    this.outcome = outcome
    this.chunk = chunk
    if (messageId !== undefined) this.messageId = messageId
    if (reply !== undefined) this.reply = reply
    if (result !== undefined) this.result = result
    if (error !== undefined) this.error = error
  }

  [inspect](): object {
    const { to: _to, result, ...shown } = this
    const { address: _address, reply: _reply, ...known } = result ?? {}
    return { ...shown, ...(result && { result: known }) }
  }
}

/** The result of a chunk: a receipt, or the error that its send ended with. Neither, if it has no valid recipient. */
export interface ChunkResult {
  readonly receipt?: Receipt
  readonly error?: DeliveryError
}

/** The report of each recipient of a chunk, in the order of the source: what the list of its message says of it. */
export function* reportsOf(chunk: Chunk, { receipt, error }: ChunkResult): Generator<BatchReport> {
  const recipients = receipt?.recipients ?? error?.recipients ?? []
  const results = new Map(recipients.map((one) => [recipientForm(one.address), one]))
  const messageId = receipt?.messageId ?? error?.messageId
  for (const { index, to, addressee, error: wrong } of chunk.rows) {
    const row = { index, to, chunk: chunk.number }
    if (!addressee) {
      yield new Report({ ...row, outcome: 'rejected', error: wrong })
      continue
    }
    // A plugin of the transporter may have sent the message to others: then the message's end is all there is to say.
    const result = results.get(recipientForm(addressee.address))
    const { outcome, reply } = result ?? {
      outcome: error?.outcome ?? 'accepted',
      reply: (receipt ?? error)?.reply,
    }
    const isSaidByError = !result || (outcome === error?.outcome && result.code === error.code)
    yield new Report({
      ...row,
      outcome,
      messageId,
      reply,
      result,
      error: isSaidByError ? error : undefined,
    })
  }
}
