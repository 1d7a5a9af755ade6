export type { Awaitable, MailActionSettings, OwnAddresses, SpamReason } from './action-settings.ts'
export type { AttachmentSettings, FileFault } from './attachments.ts'
export type { BoundSchema, NoBound } from './bound-arguments.ts'
export { defineMailer, type DefineMailerSettings, type MailerConfig } from './define-mailer.ts'
export type { MessageCode, Messages } from './failure-messages.ts'
export type { FormLimits } from './form-input.ts'
export {
  createFormStamp,
  type FormStamp,
  type FormStampSettings,
  type StampVerdict,
} from './form-stamp.ts'
export { FormStampField, type FormStampFieldProps } from './form-stamp-field.tsx'
export { createMailAction, type MailAction } from './mail-action.ts'
export type { RateLimit } from './rate-limit.ts'
export {
  memoryRateLimitStore,
  type MemoryRateLimitStore,
  type RateLimitStore,
} from './rate-limit-store.ts'
export type { MailMessage, RenderedBody, RenderReact } from './react-body.ts'
export { registerMail, type RegisterMailSettings } from './register-mail.ts'
export type { MailContext } from './request.ts'
export { sendMail, sendMailAfter, type SendMailAfterSettings } from './send-mail.ts'
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
