import type { Mailbox } from '../inbox/mailbox.ts'
import {
  during,
  waitForMessage,
  waitForNone,
  type MessageCondition,
  type NoneSettings,
  type WaitSettings,
} from '../inbox/wait.ts'
import type { Message } from '../mail/message.ts'
import type { Submission } from '../mail/message.ts'

/** The mail that came: all of an emulator's, or that of one checkout. */
export interface ReceivedMail {
  /** What SMTP accepted, oldest first. */
  readonly submissions: readonly Submission[]
  /** Every recipient's copy, oldest first. */
  readonly messages: readonly Message[]
  /**
   * The newest message that matches since the last reset, or the next one to come.
   *
   * @throws {Error} named `TimeoutError` when none came in time; it tells the nearest messages and what differed.
   */
  waitFor(condition: MessageCondition, settings?: WaitSettings): Promise<Message>
  /**
   * Resolves when no message that matches is there, nor has come in the time given.
   *
   * @throws {Error} as soon as one is there.
   */
  waitForNone(condition: MessageCondition, settings?: NoneSettings): Promise<void>
  /** Runs a function; resolves to the messages that came meanwhile. */
  during(block: () => unknown): Promise<readonly Message[]>
}

/** What every view of a mailbox does alike. */
export abstract class MailView implements ReceivedMail {
  readonly #mailbox: Mailbox

  constructor(mailbox: Mailbox) {
    this.#mailbox = mailbox
  }

  get submissions(): readonly Submission[] {
    return this.#mailbox.submissions
  }

  get messages(): readonly Message[] {
    return this.#mailbox.messages
  }

  waitFor(condition: MessageCondition, settings?: WaitSettings): Promise<Message> {
    return waitForMessage(this.#mailbox, condition, settings)
  }

  waitForNone(condition: MessageCondition, settings?: NoneSettings): Promise<void> {
    return waitForNone(this.#mailbox, condition, settings)
  }

  during(block: () => unknown): Promise<readonly Message[]> {
    return during(this.#mailbox, block)
  }
}
