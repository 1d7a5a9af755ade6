import type { Message } from '../mail/message.ts'
import type { Submission } from '../mail/message.ts'
import type { MessageCondition } from './message-filter.ts'

/** What happens to a mailbox. */
export type InboxEvent =
  | { readonly type: 'submission'; readonly submission: Submission }
  /** Scheduled copies fell due. */
  | {
      readonly type: 'delivery'
      readonly submission: Submission
      readonly messages: readonly Message[]
    }
  /** A recipient opened a copy, or followed a link of it. */
  | { readonly type: 'activity'; readonly submission: Submission; readonly message: Message }
  | { readonly type: 'reset' }
  | { readonly type: 'close' }

/** Mail that came: all of an inbox, or a part of it. */
export interface Mailbox {
  /** Oldest first. */
  readonly submissions: readonly Submission[]
  /** Every recipient's copy, oldest first; those that are not delivered, too. */
  readonly messages: readonly Message[]
  /** Nothing more will arrive. */
  readonly isClosed: boolean
  /** Oldest first. */
  find(condition: MessageCondition): readonly Message[]
  /** Returns what ends the subscription. */
  subscribe(listener: (event: InboxEvent) => void): () => void
  /** Forgets its mail. */
  reset(): void
}
