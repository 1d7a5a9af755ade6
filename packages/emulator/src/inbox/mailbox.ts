import type { Copy, Submission } from '../mail/message.ts'
import type { ReceivedSubmission } from '../mail/submission.ts'
import type { CopyCondition } from './matching.ts'

/** What happens to a mailbox. */
export type InboxEvent =
  | { readonly type: 'submission'; readonly submission: Submission }
  /** Scheduled copies fell due. */
  | {
      readonly type: 'delivery'
      readonly submission: Submission
      readonly copies: readonly Copy[]
    }
  /** A recipient opened a copy, or followed a link of it. */
  | { readonly type: 'activity'; readonly submission: Submission; readonly copy: Copy }
  /** A reader of the inbox has seen a submission, or wants to see it as new again. */
  | { readonly type: 'read'; readonly submission: Submission; readonly isRead: boolean }
  /** One submission was deleted, or had to make room for newer ones. */
  | { readonly type: 'deletion'; readonly submission: Submission }
  | { readonly type: 'reset' }
  | { readonly type: 'close' }

/** Mail that came: all of an inbox, or a part of it. */
export interface Mailbox {
  /** Oldest first. */
  readonly submissions: readonly ReceivedSubmission[]
  /** Every recipient's copy, oldest first; those that are not delivered, too. */
  readonly copies: readonly Copy[]
  /** Nothing more will arrive. */
  readonly isClosed: boolean
  /** Oldest first. */
  find(condition: CopyCondition): readonly Copy[]
  /** Returns what ends the subscription. */
  subscribe(listener: (event: InboxEvent) => void): () => void
  /** Forgets one submission; false if it is not there. */
  delete(id: string): boolean
  /** Forgets its mail. */
  reset(): void
}
