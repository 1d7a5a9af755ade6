export { MailgunModule } from './mailgun.module.ts'
export type {
  MailgunModuleAsyncOptions,
  MailgunModuleExtras,
  MailgunModuleOptionsFactory,
} from './mailgun.module-definition.ts'
export type {
  MailgunConfigOptions,
  MailgunEnvironmentOptions,
  MailgunModuleOptions,
  MailgunReadyOptions,
  VerifyMode,
} from './mailgun.module-options.ts'
export { MailgunService } from './mailgun.service.ts'
export { getMailgunToken } from './mailgun.tokens.ts'
export { InjectMailgun } from './inject-mailgun.decorator.ts'
export { MailgunOptions, type MailgunOptionsSettings } from './mailgun-options.decorator.ts'
export {
  currentMailgunOptions,
  withMailgunOptions as runWithMailgunOptions,
} from '@mailgun-smtp/core'
export {
  ConfigError,
  DeliveryError,
  InvalidOptionError,
  MailgunError,
  type Mailer,
  type MailgunConfig,
  type MailgunMessage,
  type Receipt,
  type SendSettings,
} from '@mailgun-smtp/core'
