/** How sure it is that Mailgun says this, word for word. */
export type Evidence =
  /** In Mailgun's own documentation. */
  | 'documented'
  /** In a transcript, log or bug report of somebody who talked to Mailgun. */
  | 'observed'
  /** Follows from what was observed; `source` says how. */
  | 'inferred'
  /** No source settles it: the words are those of an RFC, and Mailgun's may differ. */
  | 'unknown'
  /** No word of Mailgun's: the emulator says it because an option or a bound of its own asks for it. */
  | 'ours'

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
