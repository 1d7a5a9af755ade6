/** Where in the session an attempt was: what it waited for, or was writing (RFC 5321 §3). */
export type SessionStage =
  /** Name lookup and connection, with the handshake where TLS comes first. */
  | 'connect'
  /** The server's first reply. */
  | 'greeting'
  | 'ehlo'
  /** The reply to STARTTLS, and the handshake after it. */
  | 'starttls'
  | 'auth'
  | 'mail'
  | 'rcpt'
  /** The reply to DATA: 354, or a refusal. */
  | 'data'
  /** The message is on its way; the final dot is not. */
  | 'body'
  /** The final dot was written. Only its reply can tell the outcome of the message. */
  | 'final'

/** A well-formed reply (RFC 5321 §4.2): every line has the same code. */
export interface ServerReply {
  /** 200 to 599. */
  readonly code: number
  /** The enhanced status code of the first line, such as `5.1.1` (RFC 3463), if there is one. */
  readonly enhanced?: string
  /** The words of each line after the code, as they came: they may hold a recipient or the body. Never show them as they are. */
  readonly lines: readonly string[]
}

/** One recipient of the envelope, and what was answered to its RCPT. */
export interface RecipientRecord {
  readonly address: string
  /** Nothing, if none came before the attempt ended. */
  readonly reply?: ServerReply
}

/** What ended an attempt other than a reply. */
export type FailureReason =
  /** The server's name has no address. */
  | 'unresolved'
  /** Nothing answers at the address: not at all, or not within the deadlines to connect and to greet. */
  | 'unreachable'
  /** The connection was closed or reset. */
  | 'lost'
  /** A deadline passed: `afterDot` at stage `final`, `body` at stage `body`, `untilBody` before. */
  | 'deadline'
  /** The server sent something that is not a reply: cut, too long, contradictory. */
  | 'malformed'
  /** The server sent a reply that nothing was waiting for. */
  | 'unasked'
  /** The server sent a reply that does not answer what it was asked: 354 to RCPT, 251 to the final dot. */
  | 'unexpected'
  /** TLS is demanded and the server does not offer STARTTLS. */
  | 'tls-not-offered'
  /** Bytes in clear came with the consent to STARTTLS (RFC 3207 §6). */
  | 'tls-injected'
  /** The port does not begin with TLS although it should. */
  | 'tls-wrong-port'
  /** The certificate is not one to trust. */
  | 'tls-unverified'
  /** The two sides agree on no way to encrypt. */
  | 'tls-failed'
  /** The connection was lost during the handshake after STARTTLS. */
  | 'tls-lost'
  /** The server offers neither AUTH PLAIN nor AUTH LOGIN. */
  | 'login-not-offered'
  /** The message is larger than the server's SIZE. */
  | 'too-large'
  /** An address needs SMTPUTF8 and the server does not offer it. */
  | 'utf8-not-offered'
  /** The message asks for REQUIRETLS (RFC 8689) and the server does not offer it. */
  | 'requiretls-not-offered'
  /** The caller's signal was aborted. */
  | 'aborted'
  /** The transport was closed. */
  | 'closed'
  /** The message could not be built, or a part of it could not be read. */
  | 'content'
  /** What must happen before the final dot failed: a store that cannot be written. Its error is the cause. */
  | 'withheld'

/** What ended an attempt other than a reply. */
export interface SessionFailure {
  readonly reason: FailureReason
  /** The system's or OpenSSL's own code, such as `ECONNRESET` or `CERT_HAS_EXPIRED`. */
  readonly code?: string | undefined
  /** For `content`: the part that could not be read, such as `attachments[1].content`. */
  readonly path?: string | undefined
  /** Whether nothing was dialled, because the port had just failed so for another attempt. */
  readonly isRemembered?: boolean | undefined
  /** The error itself. It may hold an address or the body: never show it. */
  readonly cause?: unknown
}

/**
 * The facts of one attempt to hand a message over, with no judgement. The outcome for each recipient follows from them:
 *
 * - `reply` is the answer that ended the attempt, to whatever `stage` says. At `final`, a 250 takes the message for every
 *   recipient whose RCPT was answered with 2yz. At `body` the server refused while the message was on its way: the dot
 *   was never written.
 * - With `failure` and without `isDotWritten`, nothing was taken. With both, the outcome is unknown.
 */
export interface TransactionRecord {
  readonly stage: SessionStage
  readonly messageId: string
  /** The sender's address of MAIL; empty for none. */
  readonly from: string
  /** Every recipient of the envelope, once and in its order. */
  readonly recipients: readonly RecipientRecord[]
  /** The reply that ended the attempt. When every recipient was refused, the reply to the last one's RCPT, at stage `rcpt`. */
  readonly reply?: ServerReply
  readonly failure?: SessionFailure
  /** Whether a byte of the message was asked of its source: a stream cannot be read again then. */
  readonly isSourceRead: boolean
  /** Whether the final dot may have left this process. */
  readonly isDotWritten: boolean
  /** The port that was connected to, or tried last. */
  readonly port?: number | undefined
}
