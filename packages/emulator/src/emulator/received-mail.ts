import type { Mailbox } from '../inbox/mailbox.ts'
import type { CopyCondition } from '../inbox/matching.ts'
import {
  during,
  waitForMessage,
  waitForNone,
  type NoneSettings,
  type WaitSettings,
} from '../inbox/wait.ts'
import type { Copy, Submission } from '../mail/message.ts'

/** The mail that came: all of an emulator's, or that of one checkout. */
export interface ReceivedMail {
  /** What SMTP accepted, oldest first. */
  readonly submissions: readonly Submission[]
  /** Every recipient's copy, oldest first. */
  readonly copies: readonly Copy[]
  /** The same as `copies`, under the name that an outbox has for its mails: the matchers read either. */
  readonly messages: readonly Copy[]
  /** Deletes a submission with its copies, in a folder its files, too; false if it is not there. */
  delete(submission: Submission | string): boolean
  /**
   * The newest message that matches since the last reset, or the next one to come.
   *
   * @throws {Error} named `TimeoutError` when none came in time; it tells the nearest messages and what differed.
   */
  waitFor(condition: CopyCondition, settings?: WaitSettings): Promise<Copy>
  /**
   * Resolves when no message that matches is there, nor has come in the time given.
   *
   * @throws {Error} as soon as one is there.
   */
  waitForNone(condition: CopyCondition, settings?: NoneSettings): Promise<void>
  /** Runs a function; resolves to the messages that came meanwhile. */
  during(block: () => unknown): Promise<readonly Copy[]>
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

  get copies(): readonly Copy[] {
    return this.#mailbox.copies
  }

  get messages(): readonly Copy[] {
    return this.copies
  }

  delete(submission: Submission | string): boolean {
    return this.#mailbox.delete(typeof submission === 'string' ? submission : submission.id)
  }

  waitFor(condition: CopyCondition, settings?: WaitSettings): Promise<Copy> {
    return waitForMessage(this.#mailbox, condition, settings)
  }

  waitForNone(condition: CopyCondition, settings?: NoneSettings): Promise<void> {
    return waitForNone(this.#mailbox, condition, settings)
  }

  during(block: () => unknown): Promise<readonly Copy[]> {
    return during(this.#mailbox, block)
  }
}
