export { mailErrorHandler, type MailErrorHandler } from './error-handler.ts'
export type { LaterContext, OnError } from './later.ts'
export { mailgun, type MailerSource, type MailgunMiddleware } from './mailgun.ts'
export { mailgunOptions, type OptionsMiddleware } from './route-options.ts'
export type { RenderedMail, ViewApp } from './render.ts'
export type { MailgunSettings } from './settings.ts'
export type { LaterMessage, LaterSettings, ResMail } from './response-mail.ts'
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
