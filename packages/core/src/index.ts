export { attachMailgun, type MailgunTransporter } from './attach.ts'
export { BatchError } from './batch/batch-error.ts'
export { lintBatch } from './batch/lint-batch.ts'
export type { BatchRecipient } from './batch/recipient.ts'
export type { BatchReport, BatchSummary } from './batch/report.ts'
export type { BatchSettings } from './batch/settings.ts'
export type { Recipients } from './batch/source.ts'
export type { ComposedMessage } from './compose.ts'
export type { MailgunConfig } from './config.ts'
export type { Deadlines } from './delivery/deadlines.ts'
export type { RateLimit } from './delivery/rate-limit.ts'
export type { Retry } from './delivery/retry.ts'
export type { MailerSettings, OnUnknown } from './delivery/settings.ts'
export {
  ConfigError,
  DeliveryError,
  InvalidOptionError,
  MailgunError,
  type AnyMailgunError,
  type ConfigErrorCode,
  type DeliveryCause,
  type InvalidOptionCode,
  type MailgunErrorCode,
} from './errors.ts'
export * from './headers.ts'
export { fileStore, type FileStore } from './idempotency/file-store.ts'
export { memoryStore, type MemoryStoreSettings } from './idempotency/memory-store.ts'
export type { Store, StoredFailure, StoredReceipt, StoredSend } from './idempotency/store.ts'
export {
  createMailer,
  isMailer,
  type CloseSettings,
  type Mailer,
  type SendSettings,
} from './mailer.ts'
export type { MailgunMessage, MessageDefaults } from './message.ts'
export type { Logger } from './observe/logger.ts'
export type {
  SendBatch,
  SendEnd,
  SendInfo,
  SendOutcome,
  SendRetry,
  SendStart,
} from './observe/send-events.ts'
export type { Fault, Outcome, RefusedRecipient, Reply } from './outcome.ts'
export type { Receipt } from './receipt.ts'
export type { Region } from './regions.ts'
export {
  currentMailgunOptions,
  scopeLayers,
  withMailgunOptions,
  withScopeLayers,
  type ScopeSettings,
} from './scope.ts'
export { createMailgunTransport } from './transport.ts'
