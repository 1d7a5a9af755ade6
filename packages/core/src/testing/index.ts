/** An outbox in place of Mailgun, and the matchers for what it keeps. */
export * from '../matchers.ts'
export type { OutboxMessage } from './captured-message.ts'
export { createOutbox, type Outbox } from './outbox.ts'
