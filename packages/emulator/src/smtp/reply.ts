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

/** A reply as it goes over the wire. */
export function replyLine({ code, text }: Reply): string {
  return `${code} ${text}\r\n`
}
