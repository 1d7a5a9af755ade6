import type { RecipientResult, RefusedRecipient, Reply } from './outcome.ts'
import { refusedOf } from './errors.ts'
import type { RecipientList } from './recipient-list.ts'

/** What Mailgun took: it said 250 to the final dot for at least one recipient. Inspecting it shows no address. */
export interface Receipt {
  /** The Message-ID with its angle brackets: the key to find the message in Mailgun's events, which show it without them. */
  readonly messageId: string
  readonly envelope: { readonly from: string; readonly to: readonly string[] }
  /** Every recipient of the message, once, with the last thing known. */
  readonly recipients: readonly RecipientResult[]
  /** The recipients Mailgun took the message for. */
  readonly accepted: readonly string[]
  /** The recipients Mailgun did not take it for, and those of whom that is not known. */
  readonly refused: readonly RefusedRecipient[]
  readonly reply: Reply
  /** How many times it was tried. */
  readonly attempts: number
}

const inspect = Symbol.for('nodejs.util.inspect.custom')

/** A reply that was never seen: the outcome was settled by hand. */
const unseen: Reply = { code: 250, text: '' }

/** The receipt of a message that was taken for at least one of its recipients. */
export function receiptOf(
  recipients: RecipientList,
  send: { readonly messageId: string; readonly from: string; readonly attempts: number },
): Receipt {
  const taken = recipients.filter(({ outcome }) => outcome === 'accepted')
  return withoutAddresses({
    messageId: send.messageId,
    envelope: { from: send.from, to: recipients.map(({ address }) => address) },
    recipients,
    accepted: taken.map(({ address }) => address),
    refused: refusedOf(recipients),
    reply: taken[0]?.reply ?? unseen,
    attempts: send.attempts,
  })
}

function withoutAddresses(receipt: Receipt): Receipt {
  return Object.defineProperty(receipt, inspect, { value: () => summary(receipt) })
}

function summary({ messageId, accepted, refused, reply, attempts }: Receipt): object {
  return { messageId, accepted: accepted.length, refused: refused.length, reply, attempts }
}
