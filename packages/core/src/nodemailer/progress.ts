import type { TransactionRecord } from '../session/transaction-record.ts'

/** What is told of one attempt while nodemailer makes it. */
export interface Progress {
  /** The session is logged in and the envelope about to be sent. */
  loggedIn(envelope: { readonly from: string | false; readonly to: readonly string[] }): void
  /** The server asked for the body. */
  bodyBegun(): void
  /** All of the body was handed over but the final dot. */
  bodyEnded(): void
  /** The outcome, as far as the transport says. */
  ended(record: TransactionRecord): void
  /** Awaited before the final dot is sent; if it rejects, the dot never is. */
  readonly beforeDot?: (() => Promise<void>) | undefined
}

// nodemailer hands a message's signal on as it is: the thread from an attempt to its message, deep inside. The
// transporter may have been attached by another copy of this package.
const progress = Symbol.for('@mailgun-smtp/core/progress/v1')

/** Follows the message that is sent with this signal. */
export function follow(signal: object, follower: Progress): void {
  Object.defineProperty(signal, progress, { value: follower })
}

/** Who follows the message with this signal. */
export function followerOf(signal: unknown): Progress | undefined {
  return Reflect.get(Object(signal), progress) as Progress | undefined
}
