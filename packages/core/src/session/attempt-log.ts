import type {
  FailureReason,
  RecipientRecord,
  ServerReply,
  SessionFailure,
  SessionStage,
  TransactionRecord,
} from './transaction-record.ts'
import { Refusal, SessionError } from './session-error.ts'
import type { OutgoingMessage } from './outgoing-message.ts'

/** What ends a kept connection while it waits, or as it is used again. */
const dead: ReadonlySet<FailureReason> = new Set(['lost', 'unasked', 'malformed', 'unexpected'])

/** Notes an attempt while it is made. */
export class AttemptLog {
  stage: SessionStage = 'connect'
  isSourceRead = false
  isDotWritten = false
  port: number | undefined
  /** The reply that ended it. */
  reply: ServerReply | undefined
  failure: SessionFailure | undefined
  /** The replies to RCPT, in the envelope's order. */
  readonly rcptReplies: ServerReply[] = []

  /** Notes what ended it. What is not a fault of the session is a fault of the message's content. */
  end(error: unknown, message?: OutgoingMessage): void {
    if (error instanceof Refusal) this.reply = error.reply
    else if (error instanceof SessionError) {
      const refusal = error.reply
      // A refusal that comes while the message is on its way is an answer: without the dot nothing can be taken.
      if (this.stage === 'body' && refusal && refusal.code >= 400) this.reply = refusal
      else this.failure = error.failure
    } else {
      const path = message?.pathOf?.(error)
      this.failure = { reason: 'content', cause: error, ...(path !== undefined && { path }) }
    }
  }

  /** Whether the connection ended before the server answered anything of the message. */
  get isUnanswered(): boolean {
    if (this.stage !== 'mail') return false
    return this.reply?.code === 421 || (this.failure !== undefined && dead.has(this.failure.reason))
  }

  /** Each recipient, with what was answered so far. */
  recipients({ to }: Pick<OutgoingMessage, 'to'>): RecipientRecord[] {
    return to.map((address, index) => {
      const reply = this.rcptReplies[index]
      return reply ? { address, reply } : { address }
    })
  }

  record(message: Pick<OutgoingMessage, 'messageId' | 'from' | 'to'>): TransactionRecord {
    const { messageId, from } = message
    const recipients = this.recipients(message)
    const { stage, isSourceRead, isDotWritten, port, reply, failure } = this
    return {
      stage,
      messageId,
      from,
      recipients,
      ...(reply && { reply }),
      ...(failure && { failure }),
      isSourceRead,
      isDotWritten,
      port,
    }
  }
}
