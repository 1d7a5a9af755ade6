/** What the API answers, as JSON. The server writes these, and the client hands them out. */
import type { HeaderProblem, Json, JsonObject } from '@mailgun-smtp/core/headers'
import type { Fault } from '../faults/fault.ts'
import type { Diagnostic } from '../mail/diagnostic.ts'
import type { DeliveryStatus } from '../mail/last-hop.ts'
import type { CopyState } from '../mail/message.ts'
import type { Click, Open } from '../tracking/opens-and-clicks.ts'
import type { TrackedLink } from '../tracking/tracked-copy.ts'
import type { Tracking } from '../tracking/tracking.ts'
import type { LedgerEntry } from '../records/ledger.ts'
import type { SessionRecord } from '../records/transcript.ts'
import type { SessionInfo } from '../smtp/policy.ts'

/** A value as it comes out of JSON: dates are strings, in ISO 8601. */
export type AsJson<Value> = Value extends Date
  ? string
  : Value extends object
    ? { readonly [Key in keyof Value]: AsJson<Value[Key]> }
    : Value

/** What an emulator tells of itself. */
export interface EmulatorSummary {
  readonly version: string
  readonly host: string
  /** SMTP with STARTTLS. */
  readonly port: number
  /** SMTP with implicit TLS. */
  readonly securePort: number | null
  readonly httpUrl: string
  readonly domains: readonly string[]
  /** The first login. */
  readonly user: string
  /** The folder that the mail is kept in; null if it is in memory alone. */
  readonly directory: string | null
  /** How many submissions are kept at most. */
  readonly keeps: number
}

/** A submission in the list. */
export interface SubmissionSummary {
  readonly id: string
  readonly receivedAt: string
  /** Decoded, as `to` and `subject`. */
  readonly from: string
  readonly to: string
  readonly subject: string
  /** How its text begins, on one line. */
  readonly snippet: string
  readonly envelope: { readonly from: string; readonly to: readonly string[] }
  readonly messageId: string | null
  /** In bytes, as received. */
  readonly size: number
  readonly tags: readonly string[]
  /** `dropMessage` is set. */
  readonly testMode: boolean
  readonly deliverBy: string | null
  /** How many recipients there are, each with a copy. */
  readonly copyCount: number
  /** @deprecated Renamed to `copyCount`. */
  readonly copies: number
  /** How many files came with it. */
  readonly attachmentCount: number
  /** How many diagnostics there are: all that may not be as meant. */
  readonly diagnosticCount: number
  /** It has recipient variables. */
  readonly personalised: boolean
  /** How many of the diagnostics are `X-Mailgun-` headers without a meaning. */
  readonly problems: number
  /** A reader of the inbox has seen it. */
  readonly read: boolean
}

/** Newest first. */
export interface SubmissionList {
  readonly submissions: readonly SubmissionSummary[]
  /** Where the next page begins, for `before`; null on the last one. */
  readonly next: string | null
  /** How many match the search; without one, how many there are. */
  readonly matching: number
  /** How many there are. */
  readonly total: number
  /** How many of all no reader has seen. */
  readonly unread: number
  /** How many of before had to make room for newer ones. */
  readonly forgotten: number
}

/** One of Mailgun's options: as received and as read. */
export interface OptionSummary {
  readonly option: string
  readonly header: string
  /** Once for each occurrence of the header. */
  readonly received: readonly string[]
  readonly value: Json
}

/** A submission, and the state of its copies. */
export interface SubmissionDetail extends Omit<SubmissionSummary, 'problems' | 'copies'> {
  readonly options: readonly OptionSummary[]
  readonly problems: readonly HeaderProblem[]
  readonly diagnostics: readonly Diagnostic[]
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** The Cc header, decoded; empty if there is none. */
  readonly cc: string
  /** The Reply-To header, decoded; empty if there is none. */
  readonly replyTo: string
  /** The recipients that neither To nor Cc names. */
  readonly bcc: readonly string[]
  readonly session: SessionInfo
  /** One for each recipient. */
  readonly copies: readonly CopySummary[]
  /** @deprecated Renamed to `copies`. */
  readonly messages: readonly CopySummary[]
}

/** One recipient's copy in a list. */
export interface CopySummary {
  readonly id: string
  readonly submissionId: string
  readonly recipient: string
  /** Decoded, as `from` and `subject`. */
  readonly to: string
  readonly from: string
  readonly subject: string
  readonly state: CopyState
  readonly scheduledFor: string | null
  readonly deliveredAt: string | null
  readonly deliveryStatus: DeliveryStatus | null
  readonly tracking: Tracking
  /** When its pixel was loaded, in order. */
  readonly opens: readonly AsJson<Open>[]
  /** When which of its tracked links were followed, in order. */
  readonly clicks: readonly AsJson<Click>[]
  /** This recipient's own. */
  readonly variables: JsonObject
  /** Placeholders that the recipient would read as they are. */
  readonly unreplaced: readonly string[]
}

/** Newest first. */
export interface CopyList {
  readonly messages: readonly CopySummary[]
  /** Where the next page begins, for `before`; null on the last one. */
  readonly next: string | null
  /** How many match. */
  readonly matching: number
}

/** What one recipient reads. */
export interface CopyDetail extends CopySummary {
  readonly date: string
  /** Unfolded, as delivered. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** Line ends are LF. Empty if there is no plain text. */
  readonly text: string
  readonly html: string | null
  readonly hasHtml: boolean
  /** The addresses that the HTML links to, then those in the text, each once, in order. */
  readonly links: readonly string[]
  /** Those of the links that were rewritten, with the addresses that the recipient follows. */
  readonly trackedLinks: readonly TrackedLink[]
  /** The address of the pixel that tells of an open. */
  readonly pixel: string | null
  /** What may be a one-time code, each once, in order: 4 to 8 digits that are not part of a longer word or number. */
  readonly codes: readonly string[]
  readonly attachments: readonly AttachmentSummary[]
}

/** @deprecated Renamed to {@link CopySummary}. */
export type MessageSummary = CopySummary
/** @deprecated Renamed to {@link CopyDetail}. */
export type MessageDetail = CopyDetail

/** A file that came with a message. */
export interface AttachmentSummary {
  /** Its place among them, from 0. */
  readonly n: number
  readonly filename: string | null
  readonly contentType: string
  /** In bytes, decoded. */
  readonly size: number
  /** Without angle brackets; null if the HTML cannot name it. */
  readonly contentId: string | null
  /** A browser can draw it. */
  readonly isImage: boolean
  /** What an attached mail says; null for other files. */
  readonly mail: AttachedMailSummary | null
}

/** A mail that was attached to another. */
export interface AttachedMailSummary {
  readonly subject: string
  readonly from: string
  readonly to: string
  readonly text: string
  readonly html: string | null
  readonly attachments: readonly Omit<AttachmentSummary, 'n' | 'mail'>[]
}

/** One part of a copy's MIME tree. */
export interface MimePartSummary {
  /** Its place, counted from 1 on each level: `1`, `2.1`; empty for the copy as a whole. */
  readonly section: string
  /** In lower case, without parameters. */
  readonly contentType: string
  readonly charset: string | null
  /** `base64`, `quoted-printable`, `7bit` and so on. */
  readonly encoding: string
  readonly disposition: string | null
  readonly filename: string | null
  /** In bytes, as it is in the source. */
  readonly size: number
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly parts: readonly MimePartSummary[]
}

/** Who got how many copies of what, oldest first. */
export interface LedgerSummary {
  readonly count: number
  readonly copies: readonly AsJson<LedgerEntry>[]
  /** Copies of before that are no longer counted. */
  readonly forgotten: number
}

/** A conversation in the list. */
export interface SessionSummary {
  readonly id: string
  readonly port: SessionRecord['port']
  readonly openedAt: string
  readonly closedAt: string | null
  readonly user: string | null
  /** The TLS version. */
  readonly tls: string | null
  readonly lines: number
}

/** Newest first. */
export interface SessionList {
  readonly sessions: readonly SessionSummary[]
  /** How many of before are no longer kept. */
  readonly forgotten: number
}

/** A conversation line by line, without password and body. */
export type SessionDetail = AsJson<SessionRecord>

/** When a fault strikes: the next n times, every nth time, by chance from 0 to 1, or always. */
export type FaultSelection =
  | { readonly next: number }
  | { readonly every: number }
  | { readonly chance: number }
  | 'always'

/** A fault that is called up. */
export interface FaultEntry {
  readonly fault: Fault
  /** Default: `{ next: 1 }`. */
  readonly select?: FaultSelection | undefined
}

/** A fault that may still strike. */
export interface FaultSummary {
  readonly fault: Fault
  /** `'when'` for one that the emulator's own programme called up by a function. */
  readonly select: FaultSelection | 'when'
  /** How often it has struck. */
  readonly fired: number
}

/** In the order in which they were called up. */
export interface FaultList {
  readonly faults: readonly FaultSummary[]
}

/** The time that the emulator lives in. */
export interface ClockSummary {
  readonly clock: 'virtual' | 'real'
  readonly now: string
}

/** An answer that is not a success. */
export interface Refusal {
  readonly message: string
  /** Nothing came in time. Without it, 404 means that there is no such thing. */
  readonly timedOut?: true
}
