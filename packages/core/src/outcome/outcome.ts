/** The outcome for one recipient: accepted, permanently refused, certainly not accepted, or not known. */
export type Outcome = 'accepted' | 'rejected' | 'deferred' | 'unknown'

/** What is at fault when a message is not accepted. */
export type FaultParty = 'recipient' | 'message' | 'account' | 'connection'

/** @deprecated Named {@link FaultParty} now. */
export type Fault = FaultParty

/** The code of a `DeliveryError`. */
export type DeliveryErrorCode =
  | 'ERR_MAILGUN_ABORTED'
  | 'ERR_MAILGUN_ACCOUNT'
  | 'ERR_MAILGUN_AUTH'
  | 'ERR_MAILGUN_CONNECTION'
  | 'ERR_MAILGUN_CONTENT'
  | 'ERR_MAILGUN_IN_FLIGHT'
  | 'ERR_MAILGUN_QUEUE_FULL'
  | 'ERR_MAILGUN_QUOTA'
  | 'ERR_MAILGUN_RATE_LIMIT'
  | 'ERR_MAILGUN_RECIPIENT'
  | 'ERR_MAILGUN_REFUSED'
  | 'ERR_MAILGUN_SHUTDOWN'
  | 'ERR_MAILGUN_STORE'
  | 'ERR_MAILGUN_TIMEOUT'
  | 'ERR_MAILGUN_TLS'
  | 'ERR_MAILGUN_UNKNOWN_OUTCOME'

/** What is kept of the error that ended an attempt: nothing in it names a recipient. */
export interface DeliveryCause {
  /** The system's or OpenSSL's own code, such as `ECONNRESET`. */
  readonly code?: string | undefined
  /** The command that was answered, such as `RCPT TO`. */
  readonly command?: string | undefined
  /** The code of the reply. */
  readonly responseCode?: number | undefined
}

/** What an SMTP server answered (RFC 5321 §4.2). */
export interface Reply {
  /** Three digits. */
  readonly code: number
  /** The enhanced status code, such as `5.1.1` (RFC 3463), if the server gave one. */
  readonly enhanced?: string | undefined
  /**
   * What the reply means, in words that are known to hold neither a recipient nor a part of the message: Mailgun's own where
   * they are known, and otherwise those of the standards.
   */
  readonly text: string
  /**
   * The server's own words, without the login, at most 500 characters. They may name a recipient or repeat the message:
   * they are there for who asks, and no log, `inspect` or JSON shows them. No store keeps them.
   */
  readonly serverText?: string | undefined
}

/** What is known of a recipient, apart from who it is. */
export interface Verdict {
  readonly outcome: Outcome
  /** Why it is not accepted. Absent if no attempt was made. */
  readonly code?: DeliveryErrorCode | undefined
  /** What is at fault, if it is not accepted. */
  readonly fault?: FaultParty | undefined
  /** Whether sending to this recipient again, later, can succeed without a second copy. */
  readonly retryable: boolean
  /** When Mailgun said it may be tried again. */
  readonly retryAfter?: Date | undefined
  /** What the server answered: of this recipient if it spoke of it, otherwise of the message. Absent if it did not answer. */
  readonly reply?: Reply | undefined
  /** What happened, in a sentence, if it is not accepted. */
  readonly problem?: string | undefined
  /** What to do now, if it is not accepted. */
  readonly cure?: string | undefined
  /** What is kept of the error that ended the attempt, if it is not accepted. */
  readonly cause?: DeliveryCause | undefined
}

/** What is known of one recipient of a message. */
export interface RecipientResult extends Verdict {
  readonly address: string
}

/** A recipient the server did not take, or of whom that is not known. */
export interface RefusedRecipient extends RecipientResult {
  readonly outcome: 'rejected' | 'deferred' | 'unknown'
}
