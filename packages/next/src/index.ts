export type { MailActionSettings, SpamReason } from './action-settings.ts'
export {
  defineMailer,
  type DefineMailerSettings,
  type MailerConfig,
  sendMail,
} from './define-mailer.ts'
export type { MessageCode, Messages } from './failure-messages.ts'
export type { FormLimits } from './form-input.ts'
export { createMailAction, type MailAction } from './mail-action.ts'
export type { RateLimit } from './rate-limit.ts'
export type { MailContext } from './request.ts'
export type { StandardSchemaV1 } from './standard-schema.ts'
export type {
  FailedState,
  FailureReason,
  IdleState,
  InvalidState,
  MailFormState,
  MailState,
  SentState,
} from './state.ts'
export type { InputRecipients } from './typed-addresses.ts'
export {
  ConfigError,
  DeliveryError,
  InvalidOptionError,
  MailgunError,
  type Mailer,
  type MailgunConfig,
  type MailgunMessage,
  type MailgunOptions,
  type Receipt,
  type SendSettings,
} from '@mailgun-smtp/core'
