/** The matchers as assertions for `node:test`: `assertMail.toHaveTag(message, 'welcome')`. */
export { assertMail, type MailAssertions } from './testing/assertions.ts'
export { mailSnapshot, type MailSnapshotSettings } from './testing/mail-snapshot.ts'
