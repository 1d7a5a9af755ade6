import type { Fault } from '../faults/fault.ts'
import type { EnteredSubmission } from '../records/ledger.ts'
import type { Transcript } from '../records/transcript.ts'
import { isHeaderWithin } from './header-bounds.ts'
import { bounds } from './limits.ts'
import type { ReadMessage } from './message-reader.ts'
import type { Delivery, SessionInfo } from './policy.ts'
import { replies } from './replies.ts'
import { replyLine, type Reply } from './reply.ts'
import type { ServerContext } from './server-context.ts'
import type { ReplyWriter } from './reply-writer.ts'

/** A message whose end has come. */
export interface EndedMessage {
  readonly message: ReadMessage
  readonly envelope: Delivery['envelope']
  readonly session: SessionInfo
  readonly fault: Fault | undefined
}

/** Keeps a message or refuses it, and says so; a fault decides before or after that. */
export function endMessage(
  parts: {
    readonly server: ServerContext
    readonly replyWriter: ReplyWriter
    readonly transcript: Transcript
  },
  { message, envelope, session, fault }: EndedMessage,
): void {
  const { server, replyWriter, transcript } = parts
  const say = (reply: Reply, acknowledges?: EnteredSubmission): void =>
    replyWriter.answer(replyLine(reply), fault, { acknowledges })
  if ('unkept' in message) {
    // An unwanted one was refused while it came.
    if (message.unkept === 'size') say(replies.messageTooLarge)
    if (message.unkept === 'room') say(replies.noRoom)
    return
  }
  if (!isHeaderWithin(message.raw, bounds)) return say(replies.headerTooLarge)
  const delivery = { envelope, raw: message.raw, session }
  const refusal = server.policy.message(delivery)
  if (refusal) return say(refusal)
  if (isLostBefore(fault)) return say(replies.accepted)
  let kept
  try {
    kept = server.policy.accept(delivery)
  } catch (error) {
    transcript.write('emulator', `the message could not be kept: ${String(error)}`)
    return say(replies.notKept)
  }
  const entered = server.ledger.enter({
    messageId: kept.messageId,
    recipients: kept.recipients,
    submissionId: kept.id,
    sessionId: session.id,
  })
  say(replies.accepted, entered)
}

/** Whether the fault takes the place of the acceptance, or comes before it. */
function isLostBefore(fault: Fault | undefined): boolean {
  if (!fault) return false
  if ('reply' in fault) return fault.reply[0] >= 300
  return Object.values(fault).includes('before-store')
}
