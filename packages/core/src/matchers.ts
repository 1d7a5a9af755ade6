/** Matchers for captured mails, of an outbox or of the emulator; free of any test runner, and without nodemailer. */
export { assertMail, type MailAssertions } from './testing/assertions.ts'
export type {
  ExpectedAttachment,
  ExpectedTracking,
  MailMatchers,
  MatcherResult,
} from './testing/expectations.ts'
export type { MailCondition, MailFilter } from './testing/filter.ts'
export type {
  CapturedMail,
  CapturedMails,
  MailAttachment,
  MailBody,
  MailDiagnostic,
  SubmittedMail,
} from './testing/mail.ts'
export { mailSnapshot, type MailSnapshotSettings } from './testing/mail-snapshot.ts'
export { matchers } from './testing/every-matcher.ts'
export {
  mailSnapshotMatchers,
  type MailSnapshotMatchers,
  type SnapshotComparison,
} from './testing/snapshot-matcher.ts'
