import { realClock, type Clock } from '../clock.ts'
import { Transcript, type SessionRecord } from './transcript.ts'

/** How much is kept of what was said. */
export interface TranscriptLimits {
  /** Of one session; the lines in the middle go first. Default: 1,000. */
  readonly linesPerSession?: number | undefined
  /** Of all sessions; the oldest sessions go first. Default: 50,000. */
  readonly lines?: number | undefined
  /** Default: 5,000. */
  readonly sessions?: number | undefined
}

/** The conversations with every client, oldest first. */
export class SessionRecords {
  readonly #limits: { readonly [Name in keyof Required<TranscriptLimits>]: number }
  readonly #clock: Clock
  readonly #sessions = new Map<string, { readonly transcript: Transcript; size: number }>()
  #lines = 0
  #forgotten = 0

  constructor(limits: TranscriptLimits = {}, clock: Clock = realClock()) {
    this.#limits = {
      linesPerSession: limits.linesPerSession ?? 1_000,
      lines: limits.lines ?? 50_000,
      sessions: limits.sessions ?? 5_000,
    }
    this.#clock = clock
  }

  /** How many sessions were dropped to stay within the limits. */
  get forgotten(): number {
    return this.#forgotten
  }

  list(): readonly SessionRecord[] {
    return Array.from(this.#sessions.values(), ({ transcript }) => transcript)
  }

  find(id: string): SessionRecord | undefined {
    return this.#sessions.get(id)?.transcript
  }

  clear(): void {
    this.#sessions.clear()
    this.#lines = 0
    this.#forgotten = 0
  }

  open(id: string, port: SessionRecord['port']): Transcript {
    const entry = {
      size: 0,
      transcript: new Transcript(
        { id, port, openedAt: this.#clock.now() },
        this.#limits.linesPerSession,
        (lines) => {
          // A session that was forgotten while it still talks counts for nothing.
          if (this.#sessions.get(id) !== entry) return
          entry.size += lines
          this.#lines += lines
          if (this.#isOver(1)) this.#forgetOldest()
        },
      ),
    }
    this.#sessions.set(id, entry)
    if (this.#isOver(1)) this.#forgetOldest()
    return entry.transcript
  }

  close(transcript: Transcript): void {
    transcript.closedAt = this.#clock.now()
  }

  #isOver(share: number): boolean {
    const { sessions, lines } = this.#limits
    return this.#sessions.size > sessions * share || this.#lines > lines * share
  }

  /** A tenth at once: taking single entries off the front of a Map is slow. */
  #forgetOldest(): void {
    for (const [id, { size }] of this.#sessions) {
      if (!this.#isOver(0.9) || this.#sessions.size === 1) return
      this.#sessions.delete(id)
      this.#lines -= size
      this.#forgotten++
    }
  }
}
