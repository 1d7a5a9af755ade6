export { attachMailgun, type MailgunTransporter } from './attach.ts'
export type { MailgunConfig } from './config.ts'
export {
  ConfigError,
  DeliveryError,
  InvalidOptionError,
  MailgunError,
  type AnyMailgunError,
  type DeliveryCause,
  type InvalidOptionCode,
  type MailgunErrorCode,
} from './errors.ts'
export * from './headers.ts'
export { createMailer, isMailer, type Mailer, type SendSettings } from './mailer.ts'
export type { MailgunMessage, MessageDefaults } from './message.ts'
export type { Fault, Outcome, RefusedRecipient, Reply } from './outcome.ts'
export type { Receipt } from './receipt.ts'
export type { Region } from './regions.ts'
export { currentMailgunOptions, withMailgunOptions, type ScopeSettings } from './scope.ts'
export { createMailgunTransport } from './transport.ts'
