/** An outbox in place of Mailgun, and the matchers for what it keeps. */
export * from './matchers.ts'
export type { OutboxMessage } from './testing/captured-message.ts'
export { createOutbox, type Outbox } from './testing/outbox.ts'
