import { checkOnUnknown, type OnUnknown } from '../config/mailer-settings.ts'
import { invalid } from '../message/invalid-message.ts'

/** Settings of one send, apart from the message. */
export interface SendSettings {
  /**
   * How long the whole send may take, in milliseconds, including waits, retries and the reply: 1 to 2,147,483,647. If it
   * passes before the whole message was handed over, the outcome is `deferred` with `ERR_MAILGUN_TIMEOUT`. After that it is
   * `unknown`. While the send waits for another send with its key, it is `ERR_MAILGUN_IN_FLIGHT`. Default: only the
   * mailer's deadlines.
   */
  readonly timeout?: number | undefined
  /** Ends the send. If it aborts after the whole message was handed over, the outcome is `unknown`. Default: none. */
  readonly signal?: AbortSignal | undefined
  /** One key, one mail: a second send with the same key gets the first one's receipt. A string of 1 to 255 printable characters, kept for 24 hours. Default: none. */
  readonly idempotencyKey?: string | undefined
  /** What to do when you cannot tell whether Mailgun accepted the message. Default: the mailer's `onUnknown`. */
  readonly onUnknown?: OnUnknown | undefined
}

/** Settings of `verify`. */
export interface VerifySettings {
  /** How long connecting and logging in may take, in milliseconds: 1 to 2,147,483,647. Default: `deadlines.untilBody`, 60 seconds. */
  readonly timeout?: number | undefined
  /** Ends the attempt to log in. Default: none. */
  readonly signal?: AbortSignal | undefined
}

/** The longest delay of a timer (Node's `setTimeout`). */
const longest = 2 ** 31 - 1

/** @throws {InvalidOptionError} naming the setting. */
export function checkSendSettings({ onUnknown, ...limits }: SendSettings): void {
  if (onUnknown !== undefined) checkOnUnknown(onUnknown)
  checkLimits(limits)
}

/** @throws {InvalidOptionError} naming the setting. */
export function checkLimits({ timeout, signal }: VerifySettings): void {
  // Not instanceof: a test runner's realm has an AbortSignal of its own.
  if (signal !== undefined && typeof signal?.addEventListener !== 'function') {
    throw invalid('signal', 'must be an AbortSignal')
  }
  if (timeout === undefined) return
  if (!Number.isSafeInteger(timeout) || timeout < 1 || timeout > longest) {
    throw invalid('timeout', `must be a whole number of milliseconds from 1 to ${longest}`)
  }
}
