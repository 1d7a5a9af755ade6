import { realClock, type Clock } from '../clock.ts'

/** One copy of a message: what one recipient was sent by one submission. */
export interface LedgerEntry {
  /** As in the header, with angle brackets; undefined if there was none. */
  readonly messageId: string | undefined
  readonly recipient: string
  readonly submissionId: string
  readonly sessionId: string
  /** A reply of success was written to the socket, whole and without fault. */
  readonly acknowledged: boolean
  readonly at: Date
}

/** What an entry has to be for; a Message-ID counts with and without its angle brackets. */
export interface LedgerFilter {
  readonly messageId?: string | undefined
  readonly recipient?: string | undefined
}

/** A submission as it is entered. */
export interface LedgerSubmission {
  readonly messageId: string | undefined
  readonly recipients: readonly string[]
  readonly submissionId: string
  readonly sessionId: string
}

/** An entered submission, of which only the acknowledgement still changes. */
export interface EnteredSubmission {
  acknowledged: boolean
}

interface Row extends LedgerSubmission, EnteredSubmission {
  readonly time: number
}

/** Who got how many copies of what, however little of the mail itself is still kept. */
export class Ledger {
  readonly #most: number
  readonly #clock: Clock
  #rows: Row[] = []
  // Rows before this one are forgotten; they are cut off in batches.
  #first = 0
  #entries = 0
  #forgotten = 0

  /** @param limits `entries` defaults to 1,000,000; the oldest submissions go first. */
  constructor(limits: { readonly entries?: number | undefined } = {}, clock: Clock = realClock()) {
    this.#most = limits.entries ?? 1_000_000
    this.#clock = clock
  }

  /** How many entries were dropped to stay within the cap: with more than none, counts may be short. */
  get forgotten(): number {
    return this.#forgotten
  }

  enter(submission: LedgerSubmission): EnteredSubmission {
    const { messageId, recipients, submissionId, sessionId } = submission
    const row: Row = {
      messageId,
      recipients,
      submissionId,
      sessionId,
      acknowledged: false,
      time: this.#clock.time(),
    }
    this.#rows.push(row)
    this.#entries += row.recipients.length
    while (this.#entries > this.#most && this.#rows.length - this.#first > 1) this.#forgetOldest()
    return row
  }

  /** Oldest first. */
  copies(filter: LedgerFilter = {}): LedgerEntry[] {
    const entries: LedgerEntry[] = []
    for (const { time, recipients, messageId, submissionId, sessionId, acknowledged } of this.#find(
      filter,
    )) {
      for (const recipient of recipients) {
        if (!isFor(filter, recipient)) continue
        const at = new Date(time)
        entries.push({ messageId, recipient, submissionId, sessionId, acknowledged, at })
      }
    }
    return entries
  }

  count(filter: LedgerFilter = {}): number {
    let count = 0
    for (const { recipients } of this.#find(filter)) {
      count +=
        filter.recipient === undefined
          ? recipients.length
          : recipients.filter((recipient) => isFor(filter, recipient)).length
    }
    return count
  }

  clear(): void {
    this.#rows = []
    this.#first = 0
    this.#entries = 0
    this.#forgotten = 0
  }

  #find({ messageId }: LedgerFilter): readonly Row[] {
    const rows = this.#first === 0 ? this.#rows : this.#rows.slice(this.#first)
    if (messageId === undefined) return rows
    const wanted = bare(messageId)
    // Most rows are told apart without taking their brackets off.
    return rows.filter(
      (row) => row.messageId?.includes(wanted) === true && bare(row.messageId) === wanted,
    )
  }

  #forgetOldest(): void {
    const row = this.#rows[this.#first++]
    if (!row) return
    this.#entries -= row.recipients.length
    this.#forgotten += row.recipients.length
    if (this.#first > 1_000 && this.#first * 2 > this.#rows.length) {
      this.#rows = this.#rows.slice(this.#first)
      this.#first = 0
    }
  }
}

function isFor({ recipient }: LedgerFilter, address: string): boolean {
  if (recipient === undefined || recipient === address) return true
  return recipient.length === address.length && recipient.toLowerCase() === address.toLowerCase()
}

function bare(messageId: string): string {
  return messageId.trim().replace(/^<(.*)>$/, '$1')
}
