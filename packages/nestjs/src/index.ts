export { MailgunModule } from './mailgun.module.ts'
export type {
  MailgunModuleAsyncOptions,
  MailgunModuleExtras,
  MailgunModuleOptionsFactory,
} from './mailgun.module-definition.ts'
export type { MailgunFeatureSettings } from './mailgun.feature.ts'
export type {
  MailgunConfigOptions,
  MailgunEnvironmentOptions,
  MailgunMailerSettings,
  MailgunModuleOptions,
  MailgunModuleSettings,
  MailgunReadyOptions,
  MailgunTransporterOptions,
  VerifyMode,
} from './mailgun.module-options.ts'
export type { MailgunEvent, MailgunEventEmitter, MailgunEvents } from './mailgun.events.ts'
export { MailgunService, type BatchProgress, type VerifySettings } from './mailgun.service.ts'
export {
  getMailgunRootToken,
  getMailgunToken,
  getMailgunTransporterToken,
} from './mailgun.tokens.ts'
export type {
  AnyTemplates,
  PlainMessage,
  RenderedTemplate,
  TemplateMessage,
  TemplateRenderer,
} from './templates.ts'
export {
  storedTemplate,
  type StoredTemplateOptions,
  type StoredTemplateSettings,
  type VariablesSchema,
} from './stored-template.ts'
export { InjectMailgun } from './inject-mailgun.decorator.ts'
export { MailgunOptions, type MailgunOptionsSettings } from './mailgun-options.decorator.ts'
export { MailgunOptionsInterceptor } from './mailgun-options.interceptor.ts'
export {
  currentMailgunOptions,
  withMailgunOptions as runWithMailgunOptions,
} from '@mailgun-smtp/core'
export {
  BatchError,
  ConfigError,
  DeliveryError,
  InvalidOptionError,
  MailgunError,
  type BatchReport,
  type BatchSettings,
  type BatchSummary,
  type ComposedMessage,
  type Mailer,
  type MailgunConfig,
  type MailgunMessage,
  type Receipt,
  type Recipients,
  type SendSettings,
} from '@mailgun-smtp/core'
