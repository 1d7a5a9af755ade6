/** Mailgun's SMTP service on this machine: a server that uses its replies and applies its rules, with an inbox. */
export { createMailgunEmulator } from './emulator/emulator.ts'
export type { EmulatorClock, EmulatorLedger, MailgunEmulator } from './emulator/running-emulator.ts'
export type { Checkout } from './emulator/checkout.ts'
export type { ReceivedMail } from './emulator/received-mail.ts'
export type { EmulatorTransport } from './emulator/access.ts'
export {
  EmulatorError,
  type EmulatorLimits,
  type MailgunEmulatorOptions,
} from './settings/settings.ts'
export type { Duration } from './clock.ts'
export type { Fault, FaultMoment, FaultReply } from './faults/fault.ts'
export { formerReply, type FormerReplyName } from './smtp/former-replies.ts'
export type { ArmedFault, FaultRule, Faults } from './faults/faults.ts'
export type { CopyCondition } from './inbox/matching.ts'
export type { NoneSettings, WaitSettings } from './inbox/wait.ts'
export type { MailFilter } from '@mailgun-smtp/core/matchers'
export type { CopyAttachment, CopyContent } from './mail/content.ts'
export type { Diagnostic } from './mail/diagnostic.ts'
export type { DkimRecord } from './dkim/dkim-key.ts'
export type { DomainSending } from './mail/domain-sending.ts'
export type { DeliveryFailure, DeliveryStatus, MxOptions } from './mail/last-hop.ts'
export type { Copy, CopyState, Submission } from './mail/message.ts'
export type { Click, Open } from './tracking/opens-and-clicks.ts'
export type { TrackedLink } from './tracking/tracked-copy.ts'
export type { Engagement } from './mail/schedule.ts'
export type { DomainTracking, Tracking } from './tracking/tracking.ts'
export type { Credentials } from './policy/accounts.ts'
export type { DomainOptions, DomainState } from './policy/domains.ts'
export type { Rate } from './policy/rate-limiter.ts'
export type { LedgerEntry, LedgerFilter } from './records/ledger.ts'
export type { SessionRecord, TranscriptLine } from './records/transcript.ts'
export type { Login } from './smtp/authentication.ts'
export type { SessionInfo } from './smtp/policy.ts'
export type {
  Message,
  MessageAttachment,
  MessageCondition,
  MessageContent,
  MessageFilter,
} from './former-names.ts'
