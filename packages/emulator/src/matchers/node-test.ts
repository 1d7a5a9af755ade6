/** The matchers as assertions for `node:test`: `assertMail.toHaveTag(message, 'welcome')`. */
export { assertMail, type MailAssertions } from '@mailgun-smtp/core/matchers'
