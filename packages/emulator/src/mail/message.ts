import type { HeaderProblem, JsonObject, MailgunOptions } from '@mailgun-smtp/core/headers'
import type { SessionInfo } from '../smtp/policy.ts'
import type { Click, Open } from '../tracking/opens-and-clicks.ts'
import type { Tracking } from '../tracking/tracking.ts'
import type { CopyContent } from './content.ts'
import type { Diagnostic } from './diagnostic.ts'
import type { DeliveryStatus } from './last-hop.ts'

/** A message that SMTP accepted: one DATA, for one recipient or many. */
export interface Submission {
  /** Random, of letters and digits only. */
  readonly id: string
  readonly receivedAt: Date
  /** The source, dots unstuffed. */
  readonly raw: Buffer
  readonly envelope: { readonly from: string; readonly to: readonly string[] }
  /** The domain it is accounted to: that of the login, otherwise that of the envelope's sender. In lower case. */
  readonly domain: string
  /** Unfolded, otherwise as received, in order. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** Mailgun's options, read from the headers. */
  readonly options: MailgunOptions
  /** `X-Mailgun-` headers that have no meaning. */
  readonly problems: readonly HeaderProblem[]
  /** All that Mailgun takes and that may not do what was meant; problems are among it. */
  readonly diagnostics: readonly Diagnostic[]
  /** With angle brackets; undefined if it came without. */
  readonly messageId: string | undefined
  /** Decoded. */
  readonly subject: string
  /** The From header, decoded. */
  readonly from: string
  /** The To header, decoded. */
  readonly to: string
  readonly session: SessionInfo
  /** One for each recipient. */
  readonly copies: readonly Copy[]
  /** @deprecated Renamed to `copies`. */
  readonly messages: readonly Copy[]
}

/**
 * The state of a copy: it waits for its time, it is in the recipient's hands, the recipient's server did not get it, or
 * `dropMessage` ended it.
 */
export type CopyState = 'scheduled' | 'delivered' | 'failed' | 'dropped'

/** What one recipient gets: with recipient variables a copy of their own, otherwise the message as it was sent. */
export interface Copy {
  readonly id: string
  readonly submission: Submission
  /** The address, as in RCPT. */
  readonly recipient: string
  readonly state: CopyState
  /** Undefined if the message asks for no time, or is dropped. */
  readonly scheduledFor: Date | undefined
  /** When Mailgun stops trying: `deliverWithin` after the scheduled time. Here nothing is tried twice. */
  readonly expiresAt: Date | undefined
  /** Undefined until then. */
  readonly deliveredAt: Date | undefined
  /** How it went to the recipient's server; undefined until then, and if it is dropped. */
  readonly deliveryStatus: DeliveryStatus | undefined
  /** With angle brackets: the submission's, or the one that Mailgun makes. */
  readonly messageId: string
  /** What is tracked: where clicks are, the copy's links are rewritten; where opens are, it has a pixel. */
  readonly tracking: Tracking
  /** When its pixel was loaded, in order. */
  readonly opens: readonly Open[]
  /** When which of its tracked links were followed, in order. */
  readonly clicks: readonly Click[]
  /** Decoded, as all header values here. */
  readonly subject: string
  readonly from: string
  /** The To header; in a personalised copy the recipient alone. */
  readonly to: string
  /** Unfolded, as delivered: with this recipient's values and what Mailgun adds, without what it takes out; signed. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** This recipient's own variables. */
  readonly variables: JsonObject
  /** Placeholders such as `%recipient.first%` that the recipient would read unreplaced. */
  readonly unreplaced: readonly string[]
  /** The copy as source. */
  readonly raw: Buffer
  /** Decodes the body. */
  load(): Promise<CopyContent>
}
