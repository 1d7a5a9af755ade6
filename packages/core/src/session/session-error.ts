import type { FailureReason, ServerReply, SessionFailure } from './transaction-record.ts'

/** Ends a session for another reason than a reply that refuses. It stays inside: what leaves is a record. */
export class SessionError extends Error {
  readonly failure: SessionFailure
  /** The reply that nothing was waiting for. */
  readonly reply: ServerReply | undefined

  constructor(
    reason: FailureReason,
    details: Omit<SessionFailure, 'reason'> & { readonly reply?: ServerReply } = {},
  ) {
    super(reason, { cause: details.cause })
    const { reply, ...failure } = details
    this.failure = { reason, ...failure }
    this.reply = reply
  }
}

/** A reply of 4yz or 5yz to what was asked. */
export class Refusal extends Error {
  readonly reply: ServerReply

  constructor(reply: ServerReply) {
    super(String(reply.code))
    this.reply = reply
  }
}

/** The code of a system's or OpenSSL's error. */
export function codeIn(error: unknown): string | undefined {
  const code: unknown = Reflect.get(Object(error), 'code')
  return typeof code === 'string' ? code : undefined
}

/** The reply, if it has the code that was asked for. */
export function demand(reply: ServerReply, code: number): ServerReply {
  if (reply.code === code) return reply
  throw reply.code >= 400 ? new Refusal(reply) : new SessionError('unexpected')
}
