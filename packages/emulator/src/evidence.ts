/** How sure it is that Mailgun says or does this, word for word. */
export type Evidence =
  /** In Mailgun's own documentation. */
  | 'documented'
  /** In a transcript, log or bug report of a client that talked to Mailgun. */
  | 'observed'
  /** Follows from what was observed; `source` says how. */
  | 'inferred'
  /** No source settles it: the words are those of an RFC, and Mailgun's may differ. */
  | 'unknown'
  /** Mailgun does not say this: the emulator does, because one of its own options or limits asks for it. */
  | 'ours'
