import type { DeliveryCause, DeliveryErrorCode } from '../outcome/errors.ts'
import type { FaultParty, Outcome, RefusedRecipient, Reply } from '../outcome/outcome.ts'

/** The version of the records that are written now. Those of version 1 have none; they are read as well. */
export const recordVersion = 2

/** What a store keeps of a send under its key. JSON-safe. It holds no body, and recipients only in `recipients` and `receipt`. */
export interface StoredSend {
  /** Absent in records of version 1. */
  readonly version?: number | undefined
  /** SHA-256 of the message, in hex. */
  readonly fingerprint: string
  /** Random, one a reservation: only the record's owner may replace it. */
  readonly owner: string
  /**
   * How far the send came. Once it has ended: `unknown` if that is so of a recipient; otherwise `accepted` if one was; otherwise
   * `deferred` if one can be sent to again; otherwise `rejected`.
   */
  readonly state: 'reserved' | 'handed-over' | 'accepted' | 'rejected' | 'deferred' | 'unknown'
  /** The Message-ID, with its angle brackets; empty in a record that does not belong to one send. */
  readonly messageId: string
  /** Milliseconds since the epoch. From then on the key is free. */
  readonly expiresAt: number
  /** Every recipient of the send, once. While it is handed over: what is known of each if no reply comes. */
  readonly recipients?: StoredRecipients | undefined
  /** The sender's address of the envelope. */
  readonly from?: string | undefined
  /** How many attempts were made. */
  readonly attempts?: number | undefined
  /** Of `accepted`, in records of version 1; absent if it was settled by hand. */
  readonly receipt?: StoredReceipt | undefined
  /** Of `rejected` and `unknown`, in records of version 1. */
  readonly failure?: StoredFailure | undefined
}

/** The list of a send's recipients. What is known of a thousand of them is mostly the same, and is kept once. */
export interface StoredRecipients {
  readonly addresses: readonly string[]
  /** What is known, each once. */
  readonly verdicts: readonly StoredVerdict[]
  /** For each address the index of its verdict. Absent if all have the first one. */
  readonly verdictOf?: readonly number[] | undefined
}

/** What is known of a recipient. */
export interface StoredVerdict {
  readonly outcome: Outcome
  readonly code?: DeliveryErrorCode | undefined
  readonly fault?: FaultParty | undefined
  readonly retryable: boolean
  /** ISO 8601. */
  readonly retryAfter?: string | undefined
  readonly reply?: Reply | undefined
  readonly problem?: string | undefined
  readonly cure?: string | undefined
  readonly cause?: DeliveryCause | undefined
}

/** What a receipt was made from again, in records of version 1. */
export interface StoredReceipt {
  readonly from: string
  readonly to: readonly string[]
  /** Left out if it is all of `to`. */
  readonly accepted?: readonly string[] | undefined
  readonly refused: readonly Pick<RefusedRecipient, 'address' | 'outcome' | 'reply'>[]
  readonly reply: Reply
  readonly attempts: number
}

/** What a `DeliveryError` was made from again, in records of version 1. It names no recipient. */
export interface StoredFailure {
  readonly code: DeliveryErrorCode
  readonly fault: FaultParty
  readonly retryable: boolean
  readonly message: string
  readonly cure: string
  readonly attempts: number
  readonly reply?: Reply | undefined
  /** ISO 8601. */
  readonly retryAfter?: string | undefined
  readonly cause?: DeliveryCause | undefined
}

/** A record and the key it is kept under. */
export interface FoundSend {
  readonly key: string
  readonly record: StoredSend
}

/** Keeps the outcomes of sends, by their keys. A method that rejects, or does not settle in time, means that the store is down. */
export interface Store {
  /** Keeps the record if the key is free, in one atomic step. Gives what the key has afterwards: the same record if it was free. */
  reserve(key: string, record: StoredSend): Promise<StoredSend>
  /** Replaces the record under the key if that one has the same owner, in one atomic step; `false` if not, or if the key is free. */
  update(key: string, record: StoredSend): Promise<boolean>
  /** The record under the key; `undefined` if it is free. */
  read(key: string): Promise<StoredSend | undefined>
  /**
   * The send whose record has the Message-ID, given with or without its angle brackets; `undefined` if there is none. A store
   * may lack it: then an outcome is settled by its key only.
   */
  find?(messageId: string): Promise<FoundSend | undefined>
}

/** A Message-ID without its angle brackets, as Mailgun's events and log show it. */
export function bareMessageId(messageId: string): string {
  return messageId.trim().replace(/^<|>$/g, '')
}
