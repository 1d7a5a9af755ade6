import type { DeliveryCause, DeliveryErrorCode } from '../outcome/errors.ts'
import type { Fault, RefusedRecipient, Reply } from '../outcome/outcome.ts'

/** What a store keeps of a send under its key. JSON-safe; it holds no body, and recipients only in `receipt`. */
export interface StoredSend {
  /** SHA-256 of the message, in hex. */
  readonly fingerprint: string
  /** Random, one a reservation: only the record's owner may replace it. */
  readonly owner: string
  /** How far the send came. */
  readonly state: 'reserved' | 'handed-over' | 'accepted' | 'rejected' | 'unknown'
  /** The Message-ID, with its angle brackets. */
  readonly messageId: string
  /** Milliseconds since the epoch; from then on the key is free. */
  readonly expiresAt: number
  /** Of `accepted`; absent if it was settled by hand. */
  readonly receipt?: StoredReceipt | undefined
  /** Of `rejected` and `unknown`. */
  readonly failure?: StoredFailure | undefined
}

/** What a receipt is made from again. */
export interface StoredReceipt {
  readonly from: string
  readonly to: readonly string[]
  /** Left out if it is all of `to`. */
  readonly accepted?: readonly string[] | undefined
  readonly refused: readonly RefusedRecipient[]
  readonly reply: Reply
  readonly attempts: number
}

/** What a `DeliveryError` is made from again. It names no recipient. */
export interface StoredFailure {
  readonly code: DeliveryErrorCode
  readonly fault: Fault
  readonly retryable: boolean
  readonly message: string
  readonly cure: string
  readonly attempts: number
  readonly reply?: Reply | undefined
  /** ISO 8601. */
  readonly retryAfter?: string | undefined
  readonly cause?: DeliveryCause | undefined
}

/** Keeps the outcomes of sends, by their keys. A method that rejects, or does not settle in time, means that the store is down. */
export interface Store {
  /** Keeps the record if the key is free, in one atomic step. Returns the record of the key afterwards: the same record if the key was free. */
  reserve(key: string, record: StoredSend): Promise<StoredSend>
  /** Replaces the record under the key if that one has the same owner, in one atomic step; `false` if not, or if the key is free. */
  update(key: string, record: StoredSend): Promise<boolean>
  /** The record under the key; `undefined` if it is free. */
  read(key: string): Promise<StoredSend | undefined>
}
