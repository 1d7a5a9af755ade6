export type {
  Awaitable,
  MailActionSettings,
  OwnAddresses,
  SpamReason,
} from './action/action-settings.ts'
export type { AttachmentSettings, FileFault } from './action/attachments.ts'
export type { BoundSchema, NoBound } from './action/bound-arguments.ts'
export {
  defineMailer,
  type DefineMailerSettings,
  type MailerConfig,
} from './mailer/define-mailer.ts'
export type { MessageCode, Messages } from './action/failure-messages.ts'
export type { FormLimits } from './action/form-input.ts'
export {
  createFormStamp,
  type FormStamp,
  type FormStampSettings,
  type StampVerdict,
} from './protection/form-stamp.ts'
export { FormStampField, type FormStampFieldProps } from './protection/form-stamp-field.tsx'
export { createMailAction, type MailAction } from './action/mail-action.ts'
export type { RateLimit } from './protection/rate-limit.ts'
export {
  memoryRateLimitStore,
  type MemoryRateLimitStore,
  type RateLimitStore,
} from './protection/rate-limit-store.ts'
export type { MailMessage, RenderedBody, RenderReact } from './mailer/react-body.ts'
export { registerMail, type RegisterMailSettings } from './mailer/register-mail.ts'
export type { MailContext } from './request/mail-context.ts'
export { sendMail, sendMailAfter, type SendMailAfterSettings } from './mailer/send-mail.ts'
export type { StandardSchemaV1 } from './form/standard-schema.ts'
export type {
  FailedState,
  FailureReason,
  IdleState,
  InvalidState,
  MailFormState,
  MailState,
  SentState,
} from './form/state.ts'
export type { InputRecipients } from './protection/typed-addresses.ts'
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
