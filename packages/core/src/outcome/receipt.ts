import type { NodemailerError, SentMessageInfo } from 'nodemailer'
import { readReply, refusedRecipients } from './failure.ts'
import type { RefusedRecipient, Reply } from './outcome.ts'

/** What Mailgun took: it said 250 to the final dot. Inspecting it shows no address. */
export interface Receipt {
  /** The Message-ID with its angle brackets: the key to find the message in Mailgun's events, which show it without them. */
  readonly messageId: string
  readonly envelope: { readonly from: string; readonly to: readonly string[] }
  /** The recipients Mailgun took. */
  readonly accepted: readonly string[]
  /** The recipients Mailgun did not take while it took others. */
  readonly refused: readonly RefusedRecipient[]
  readonly reply: Reply
  /** How many times it was tried. */
  readonly attempts: number
}

const noEnvelope: SentMessageInfo['envelope'] = { from: false, to: [] }

const inspect = Symbol.for('nodejs.util.inspect.custom')

/** Reads a receipt from nodemailer's result. The server's words in it show no secret. */
export function readReceipt(info: SentMessageInfo, login: readonly string[] = []): Receipt {
  // A transport of somebody else's may not say; it took the message all the same.
  const { from, to } = (info.envelope as SentMessageInfo['envelope'] | undefined) ?? noEnvelope
  const secrets = [...login, ...(from ? [from] : []), ...to]
  const response = info.response ?? ''
  const rejectedErrors = info.rejectedErrors as readonly NodemailerError[] | undefined
  return guarded({
    messageId: info.messageId,
    envelope: { from: from || '', to: [...to] },
    accepted: [...(info.accepted ?? to)],
    refused: refusedRecipients({ rejectedErrors }, secrets),
    // A transport that is not SMTP has no reply; it took the message all the same.
    reply: readReply(response, Number(/^\d{3}/.exec(response)?.[0] ?? 250), secrets),
    attempts: 1,
  })
}

/** The receipt of a message that was tried again for some of its recipients. */
export function withRecipients(
  receipt: Receipt,
  changes: Partial<Pick<Receipt, 'accepted' | 'refused' | 'attempts'>>,
): Receipt {
  return guarded({
    ...receipt,
    ...changes,
    accepted: [...new Set([...receipt.accepted, ...(changes.accepted ?? [])])],
  })
}

/** Inspecting it shows no address. */
export function guarded(receipt: Receipt): Receipt {
  return Object.defineProperty(receipt, inspect, { value: () => summary(receipt) })
}

function summary({ messageId, accepted, refused, reply, attempts }: Receipt): object {
  return { messageId, accepted: accepted.length, refused: refused.length, reply, attempts }
}
