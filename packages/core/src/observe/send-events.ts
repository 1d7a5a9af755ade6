import type { MailgunErrorCode } from '../outcome/errors.ts'
import type { FaultParty, Outcome } from '../outcome/outcome.ts'

/** What is known of a send as it begins: counts, no address, no words of the message. */
export interface SendInfo {
  /** The Message-ID with its angle brackets. */
  readonly messageId: string
  readonly recipients: number
  /** The server's name; `undefined` for a transport that has none. */
  readonly host: string | undefined
  readonly tags: number
  /** The place of the message in its batch. */
  readonly batch?: SendBatch | undefined
}

/** A message's place in a batch. */
export interface SendBatch {
  /** The index of its chunk, from 0. */
  readonly chunk: number
}

/** A send began. */
export interface SendStart extends SendInfo {}

/** An attempt failed, and another follows. */
export interface SendRetry extends SendInfo {
  /** The attempt that failed, from 1. */
  readonly attempt: number
  /** Milliseconds until the next. */
  readonly delayMs: number
  readonly code: MailgunErrorCode
  readonly fault: FaultParty
  /** The code of the server's reply, if it replied. */
  readonly replyCode?: number | undefined
}

/** The outcome of a send. `invalid`: it was refused here, before anything was sent. */
export type SendOutcome = Outcome | 'invalid'

/** A send settled. */
export interface SendEnd extends SendInfo {
  readonly outcome: SendOutcome
  /** Milliseconds since the send began, waits included. */
  readonly durationMs: number
  /** How many attempts were made; 0 if it ended before the first. */
  readonly attempts: number
  /** The port of the last attempt. */
  readonly port?: number | undefined
  /** How many recipients the message was taken for. Like the other counts, absent if it was refused here. */
  readonly accepted?: number | undefined
  /** How many recipients it was refused for, for good. */
  readonly rejected?: number | undefined
  /** How many recipients it was surely not taken for, and may be sent to again. */
  readonly deferred?: number | undefined
  /** How many recipients it was handed over for, without a reply. */
  readonly unknown?: number | undefined
  /** How many recipients are not accepted: those rejected, deferred and unknown. */
  readonly refused?: number | undefined
  /** The error's code; none if the send was accepted. */
  readonly code?: MailgunErrorCode | undefined
  readonly fault?: FaultParty | undefined
  readonly retryable?: boolean | undefined
  readonly replyCode?: number | undefined
}

/**
 * Follows the sends of a mailer. It is called within the send, so it should be quick. What it throws, and what a promise that
 * it returns rejects with, becomes a warning of the process once for each observer; the send goes on.
 */
export interface SendObserver {
  /** Its name in that warning. */
  readonly name: string
  /** Whether it wants to hear of a send that begins now. Default: of every send. */
  listens?(): boolean
  /** A send begins. Return an observation to hear the rest of it. */
  start(event: SendStart): SendObservation | void
}

/** One send, as an observer follows it. */
export interface SendObservation {
  /** An attempt failed, and another follows. */
  retry?(event: SendRetry): unknown
  /** The send settled. */
  end?(event: SendEnd): unknown
}
