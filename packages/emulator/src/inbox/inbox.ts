import { ContentCache } from '../mail/content.ts'
import type { Message } from '../mail/message.ts'
import { ReceivedSubmission, type Submission } from '../mail/submission.ts'
import type { Delivery } from '../smtp/session.ts'

/** How much an inbox keeps; the oldest submissions go first, the newest always stays. */
export interface Retention {
  /** Submissions. */
  readonly messages: number
  readonly bytes: number
}

/** What happens to an inbox. */
export type InboxEvent =
  | { readonly type: 'submission'; readonly submission: Submission }
  | { readonly type: 'reset' }
  | { readonly type: 'close' }

/** What SMTP accepted, in memory. */
export class Inbox {
  readonly #retention: Retention
  readonly #cache = new ContentCache()
  // In order of arrival, which is the order a Map keeps.
  readonly #submissions = new Map<string, Submission>()
  readonly #listeners = new Set<(event: InboxEvent) => void>()
  #bytes = 0
  #isClosed = false

  constructor(retention: Retention) {
    this.#retention = retention
  }

  /** Nothing more will arrive. */
  get isClosed(): boolean {
    return this.#isClosed
  }

  /** Oldest first. */
  get submissions(): readonly Submission[] {
    return [...this.#submissions.values()]
  }

  /** Every recipient's copy, oldest first. */
  get messages(): readonly Message[] {
    return this.submissions.flatMap(({ messages }) => messages)
  }

  add(delivery: Delivery): void {
    const submission = new ReceivedSubmission(delivery, this.#cache)
    this.#submissions.set(submission.id, submission)
    this.#bytes += submission.raw.length
    this.#forgetOldest()
    this.#tell({ type: 'submission', submission })
  }

  submission(id: string): Submission | undefined {
    return this.#submissions.get(id)
  }

  message(id: string): Message | undefined {
    const [submissionId = ''] = id.split('-')
    return this.#submissions.get(submissionId)?.messages.find((message) => message.id === id)
  }

  reset(): void {
    this.#submissions.clear()
    this.#cache.clear()
    this.#bytes = 0
    this.#tell({ type: 'reset' })
  }

  /** Tells every listener that nothing more will arrive. What has arrived can still be read. */
  close(): void {
    this.#isClosed = true
    this.#tell({ type: 'close' })
    this.#listeners.clear()
  }

  /** Returns what ends the subscription. */
  subscribe(listener: (event: InboxEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #tell(event: InboxEvent): void {
    for (const listener of this.#listeners) listener(event)
  }

  #forgetOldest(): void {
    for (const [id, { raw }] of this.#submissions) {
      const isFull =
        this.#submissions.size > this.#retention.messages || this.#bytes > this.#retention.bytes
      if (!isFull || this.#submissions.size === 1) return
      this.#submissions.delete(id)
      this.#bytes -= raw.length
    }
  }
}
