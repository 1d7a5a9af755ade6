/** The matchers as assertions for `node:test`: `assertMail.toHaveTag(message, 'welcome')`. */
export {
  assertMail,
  mailSnapshot,
  type MailAssertions,
  type MailSnapshotSettings,
} from '@mailgun-smtp/core/matchers'
