export { MailgunModule } from './module/mailgun.module.ts'
export type {
  MailgunModuleAsyncOptions,
  MailgunModuleExtras,
  MailgunModuleOptionsFactory,
} from './module/mailgun.module-definition.ts'
export type { MailgunFeatureSettings } from './module/mailgun.feature.ts'
export type {
  MailgunConfigOptions,
  MailgunEnvironmentOptions,
  MailgunMailerSettings,
  MailgunModuleOptions,
  MailgunModuleSettings,
  MailgunReadyOptions,
  MailgunTransporterOptions,
  VerifyMode,
} from './module/mailgun.module-options.ts'
export type { MailgunEvent, MailgunEventEmitter, MailgunEvents } from './mailer/mailgun.events.ts'
export {
  MailgunService,
  type BatchProgress,
  type VerifySettings,
} from './service/mailgun.service.ts'
export {
  getMailgunRootToken,
  getMailgunToken,
  getMailgunTransporterToken,
} from './service/mailgun.tokens.ts'
export type {
  AnyTemplates,
  PlainMessage,
  RenderedTemplate,
  TemplateMessage,
  TemplateRenderer,
} from './templates/templates.ts'
export {
  storedTemplate,
  type StoredTemplateOptions,
  type StoredTemplateSettings,
  type VariablesSchema,
} from './templates/stored-template.ts'
export { InjectMailgun } from './service/inject-mailgun.decorator.ts'
export { MailgunOptions, type MailgunOptionsSettings } from './options/mailgun-options.decorator.ts'
export { MailgunOptionsInterceptor } from './options/mailgun-options.interceptor.ts'
export type { TenantConfig, TenantConfigs } from './tenants/tenant-mailers.ts'
export { runWithMailgunOptions } from './options/run-with-mailgun-options.ts'
export { currentMailgunOptions, withMailgunOptions } from '@mailgun-smtp/core'
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
