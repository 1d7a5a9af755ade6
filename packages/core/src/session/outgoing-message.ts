import type { Readable } from 'node:stream'

/** What a message asks the server to tell of its delivery (RFC 3461), where the server offers DSN. */
export interface DeliveryStatusRequest {
  readonly ret?: 'FULL' | 'HDRS' | undefined
  readonly envid?: string | undefined
  /** `NEVER`, or a list such as `SUCCESS,FAILURE`. */
  readonly notify?: string | undefined
  /** The original recipient, such as `rfc822;ada@example.net`. */
  readonly orcpt?: string | undefined
}

/** A message as a session takes it: its envelope, and its bytes with lines of any kind and no dot stuffed. */
export interface OutgoingMessage {
  readonly messageId: string
  /** Empty for none. */
  readonly from: string
  readonly to: readonly string[]
  /** The whole message, where it is short and can be held. It is written as one with its dot. */
  readonly bytes?: Buffer | undefined
  /** In bytes: exact with `bytes`, otherwise what is known to be the least. */
  readonly size?: number | undefined
  readonly dsn?: DeliveryStatusRequest | undefined
  /** Whether the message must stay encrypted from hop to hop (RFC 8689). */
  readonly needsRequireTls?: boolean | undefined
  /** Opens its bytes. Called once in an attempt, when the server has asked for them and there are no `bytes`. */
  open(): Readable
  /** Which part of the message could not be read, such as `attachments[1].content`, if that error says so. */
  readonly pathOf?: ((error: unknown) => string | undefined) | undefined
}
