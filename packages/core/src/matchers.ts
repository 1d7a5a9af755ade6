/** Matchers for captured mails, of an outbox or of the emulator; free of any test runner, and without nodemailer. */
export { assertMail, type MailAssertions } from './testing/assertions.ts'
export type {
  ExpectedAttachment,
  ExpectedTracking,
  MailMatchers,
  MatcherResult,
  ReceiveSettings,
} from './testing/expectations.ts'
export { describeNearest } from './testing/description.ts'
export {
  checkCondition,
  describeCondition,
  matches,
  type MailCondition,
  type MailFilter,
} from './testing/filter.ts'
export { decodeCharset, decodeText, readableText } from './testing/decode-text.ts'
export { partRole, type PartDescription, type PartRole } from './testing/part-role.ts'
export type {
  AttachedMail,
  CapturedMail,
  CapturedMails,
  MailAttachment,
  MailBody,
  MailDiagnostic,
  SubmittedMail,
} from './testing/mail.ts'
export { htmlTags, type HtmlAttribute, type HtmlTag } from './testing/html-tags.ts'
export { linkOf, linksIn, writtenLinks } from './testing/links.ts'
export { shownText } from './testing/shown-text.ts'
export { mailSnapshot, type MailSnapshotSettings } from './testing/mail-snapshot.ts'
export { matchers } from './testing/every-matcher.ts'
export {
  mailSnapshotMatchers,
  type MailSnapshotMatchers,
  type SnapshotComparison,
} from './testing/snapshot-matcher.ts'
