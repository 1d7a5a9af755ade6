import type { MailCondition } from './filter.ts'
import type { MailAttachment } from './mail.ts'

/** What a message asks of Mailgun's tracking; what is left out may be anything. */
export interface ExpectedTracking {
  readonly opens?: boolean | undefined
  readonly clicks?: boolean | 'htmlonly' | undefined
}

/** An attachment, by what is known of it. */
export type ExpectedAttachment = string | RegExp | Partial<Omit<MailAttachment, 'content'>>

/** How long `toReceive` waits. */
export interface ReceiveSettings {
  /** In milliseconds. Default: 2000. */
  readonly timeout?: number | undefined
  /** @deprecated Use `timeout`. */
  readonly within?: number | undefined
}

/** Expectations of mails that were captured. What `expect` calls `not` turns each around. */
export interface MailMatchers {
  /** An emulator, an outbox or a list of mails holds one that fits. */
  toHaveReceived(condition?: MailCondition): void
  /** It holds exactly so many that fit. */
  toHaveReceivedTimes(times: number, condition?: MailCondition): void
  /** It holds no mail at all, scheduled and dropped ones included. */
  toHaveReceivedNothing(): void
  /** A mail that fits is there, or arrives before the timeout passes. */
  toReceive(condition: MailCondition, settings?: ReceiveSettings): Promise<void>
  /** Case is ignored, as Mailgun does. */
  toHaveTag(tag: string): void
  /** The variables have at least these. */
  toHaveVariables(variables: { readonly [name: string]: unknown }): void
  /** The variables of each recipient, by address, have at least these. */
  toHaveRecipientVariables(variables: { readonly [address: string]: unknown }): void
  /**
   * It is delivered at this moment, give or take so many milliseconds. Default: 1000, as headers have no fractions of a
   * second. The moment is the one that the emulator worked out, otherwise `deliverBy`.
   */
  toBeScheduledFor(moment: Date | string, tolerance?: number): void
  /** Mailgun is asked to drop it: `dropMessage`. */
  toBeTestMode(): void
  /** What it asks of tracking: both, neither, or each by itself. What it leaves to the domain is neither on nor off. */
  toHaveTracking(tracking: boolean | ExpectedTracking): void
  /** The hop from Mailgun on must use TLS: the option `requireTls`. */
  toRequireTls(): void
  /** Case of the name is ignored; a value is compared as received and decoded. */
  toHaveHeader(name: string, value?: string | RegExp): void
  toHaveTextContaining(text: string | RegExp): Promise<void>
  toHaveHtmlContaining(text: string | RegExp): Promise<void>
  /** A link in the HTML or the text: the whole of it, or an expression that finds something in it. */
  toHaveLink(link: string | RegExp): Promise<void>
  /** By its file name, or by what else is known of it. */
  toHaveAttachment(attachment: ExpectedAttachment): Promise<void>
  /** No placeholder such as `%recipient.first%` stays unreplaced. */
  toHaveNoUnreplacedVariables(): void
  /** Nothing in it may be other than meant. */
  toHaveNoDiagnostics(): void
}

/** What a matcher found, as `expect.extend` of Vitest and Jest takes it. */
export interface MatcherResult {
  readonly pass: boolean
  /** Why it failed; where it passed, why its negation did. */
  readonly message: () => string
}

/** The function behind an expectation. */
export type MatcherOf<Name extends keyof MailMatchers> = (
  received: unknown,
  ...expected: Parameters<MailMatchers[Name]>
) => ReturnType<MailMatchers[Name]> extends Promise<void> ? Promise<MatcherResult> : MatcherResult
