import type { Evidence } from '../evidence.ts'

/** The part of the conversation that a reply belongs to. */
export type Stage =
  | 'greeting'
  | 'hello'
  | 'tls'
  | 'auth'
  | 'mail'
  | 'rcpt'
  | 'data'
  | 'final'
  | 'quit'
  | 'other'

/** One thing that Mailgun's submission server says. */
export interface Reply {
  readonly stage: Stage
  readonly code: number
  readonly text: string
  readonly evidence: Evidence
  readonly source: string
}

const written = new WeakMap<Reply, string>()

/** A reply as it goes over the wire; of the same one, the same text in memory. */
export function replyLine(reply: Reply): string {
  const known = written.get(reply)
  if (known !== undefined) return known
  const line = `${reply.code} ${reply.text}\r\n`
  written.set(reply, line)
  return line
}
