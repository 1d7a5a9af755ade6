/** A module whose mail is kept in an outbox, and core's matchers for what it keeps; free of any test runner. */
export * from '@mailgun-smtp/core/testing'
export { MailgunTestingModule, type MailgunTestingOptions } from './mailgun-testing.module.ts'
export { getMailgunOutboxToken } from './outbox-token.ts'
