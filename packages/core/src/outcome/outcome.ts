/** The outcome of a send: accepted, certainly and permanently not accepted, certainly not accepted yet, or not known. */
export type Outcome = 'accepted' | 'rejected' | 'deferred' | 'unknown'

/** What is at fault when a message is not accepted. */
export type Fault = 'recipient' | 'message' | 'account' | 'connection'

/** What an SMTP server said (RFC 5321 §4.2). */
export interface Reply {
  /** Three digits. */
  readonly code: number
  /** The words after the code; addresses and secrets are blanked. */
  readonly text: string
}

/** A recipient the server did not take while it took others. */
export interface RefusedRecipient {
  readonly address: string
  /** `unknown`: the message was handed over to this one again, alone, and no reply came. */
  readonly outcome: 'rejected' | 'deferred' | 'unknown'
  /** What the server said; nothing, if the outcome is `unknown`. */
  readonly reply?: Reply | undefined
}
