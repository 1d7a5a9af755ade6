export { attachMailgun } from './nodemailer/attach.ts'
export type { MailgunTransporter } from './nodemailer/mailgun-transporter.ts'
export type { NodemailerTransporter } from './nodemailer/nodemailer-transporter.ts'
export { BatchError, type BatchErrorCode } from './batch/batch-error.ts'
export { lintBatch } from './batch/lint-batch.ts'
export type { BatchRecipient } from './batch/recipient.ts'
export type { BatchReport, BatchSummary } from './batch/report.ts'
export type { BatchSettings } from './batch/settings.ts'
export type { Recipients } from './batch/source.ts'
export type { ComposedMessage } from './message/compose.ts'
export type { MailgunConfig, DeliverySettings } from './config/config.ts'
export type { Deadlines } from './config/deadlines.ts'
export type { RateLimit } from './config/rate-limit.ts'
export type { Retry } from './config/retry.ts'
export type { MailerSettings, OnUnknown } from './config/mailer-settings.ts'
export {
  ConfigError,
  DeliveryError,
  InvalidOptionError,
  MailgunError,
  type ConfigErrorCode,
  type DeliveryCause,
  type DeliveryErrorCode,
  type InvalidOptionCode,
  type MailgunErrorCode,
} from './outcome/errors.ts'
export * from './headers.ts'
export { fileStore, type FileStore } from './idempotency/stores/file-store.ts'
export { memoryStore, type MemoryStoreSettings } from './idempotency/stores/memory-store.ts'
export type { Store, StoredFailure, StoredReceipt, StoredSend } from './idempotency/store.ts'
export type { AnyMailgunError } from './mailer/any-mailgun-error.ts'
export { createMailer, isMailer, type CloseSettings, type Mailer } from './mailer/mailer.ts'
export type { SendSettings, VerifySettings } from './mailer/send-settings.ts'
export type { MailgunMessage, MessageDefaults } from './message/message.ts'
export type { Logger } from './observe/logger.ts'
export type {
  SendBatch,
  SendEnd,
  SendInfo,
  SendObservation,
  SendObserver,
  SendOutcome,
  SendRetry,
  SendStart,
} from './observe/send-events.ts'
export type {
  Fault,
  FaultParty,
  Outcome,
  RecipientResult,
  RefusedRecipient,
  Reply,
} from './outcome/outcome.ts'
export type { Receipt } from './outcome/receipt.ts'
export type { Region } from './regions.ts'
export {
  currentMailgunOptions,
  scopeLayers,
  withMailgunOptions,
  withScopeLayers,
  type ScopeSettings,
} from './options/scope.ts'
export { createMailgunTransport } from './transport/transport.ts'
