import type { Evidence } from '../evidence.ts'
import type { Stage } from '../faults/fault.ts'

/** The command that a reply answers, in the words of the faults; `other` is any command besides. */
export type ReplyStage = Exclude<Stage, 'connect' | 'tls' | 'body' | 'idle'> | 'other'

/** One thing that Mailgun's submission server says. */
export interface Reply {
  readonly stage: ReplyStage
  readonly code: number
  readonly text: string
  readonly evidence: Evidence
  readonly source: string
}

/** A reply as it goes over the wire. */
export function replyLine({ code, text }: Reply): string {
  return `${code} ${text}\r\n`
}
