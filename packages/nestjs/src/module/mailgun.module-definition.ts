import {
  ConfigurableModuleBuilder,
  type ConfigurableModuleAsyncOptions,
  type ConfigurableModuleCls,
  type ConfigurableModuleOptionsFactory,
  type DynamicModule,
  type Provider,
} from '@nestjs/common'
import { ConfigError } from '@mailgun-smtp/core'
import type { MailgunModuleOptions } from './mailgun.module-options.ts'
import { MailgunService } from '../service/mailgun.service.ts'
import {
  DEFAULT_NAME,
  getMailgunRootToken,
  getMailgunToken,
  getMailgunTransporterToken,
} from '../service/mailgun.tokens.ts'

/** Settings next to the options. They define the module, so Nest must know them before any factory runs. */
export interface MailgunModuleExtras {
  /** The name to inject the mailer with. Default: none, and {@link MailgunService} is the token. */
  readonly name?: string | undefined
  /** Whether every module can inject the mailer without an import. Default: `true`. */
  readonly isGlobal?: boolean | undefined
  /** Providers that the factory of the options needs. Default: none. */
  readonly extraProviders?: Provider[] | undefined
}

/** A class for `useClass` and `useExisting`. */
export type MailgunModuleOptionsFactory = ConfigurableModuleOptionsFactory<
  MailgunModuleOptions,
  'createMailgunOptions'
>

/** What `forRootAsync` takes. */
export type MailgunModuleAsyncOptions = ConfigurableModuleAsyncOptions<
  MailgunModuleOptions,
  'createMailgunOptions'
> &
  MailgunModuleExtras

/** The token of the mailer's name in its own module. */
export const MAILER_NAME: unique symbol = Symbol('MailgunModule name')

/** What the mailer sends through in place of its own connection, in its own module. */
export const TRANSPORTER_OVERRIDE: unique symbol = Symbol('MailgunModule transporter')

const extras: MailgunModuleExtras = {
  name: undefined,
  isGlobal: undefined,
  extraProviders: undefined,
}

const definition = new ConfigurableModuleBuilder<MailgunModuleOptions>({ moduleName: 'Mailgun' })
  .setClassMethodName('forRoot')
  .setFactoryMethodName('createMailgunOptions')
  .setExtras(extras, provideMailer)
  .build()

/** The base of `MailgunModule`. */
export const ConfigurableModuleClass: ConfigurableModuleCls<
  MailgunModuleOptions,
  'forRoot',
  'createMailgunOptions',
  MailgunModuleExtras
> = definition.ConfigurableModuleClass

/** The token of the options as they were given. */
export const MODULE_OPTIONS_TOKEN: string | symbol = definition.MODULE_OPTIONS_TOKEN

function provideMailer(
  module: DynamicModule,
  { name = DEFAULT_NAME, isGlobal = true, extraProviders = [] }: MailgunModuleExtras,
): DynamicModule {
  if (typeof name !== 'string' || name.trim() === '') {
    throw new ConfigError('The name of a mailer must be a string that is not empty.')
  }
  const token = getMailgunToken(name)
  const root = getMailgunRootToken(name)
  const transporter = getMailgunTransporterToken(name)
  return {
    ...module,
    global: isGlobal,
    providers: [
      ...(module.providers ?? []),
      ...extraProviders,
      { provide: MAILER_NAME, useValue: name },
      { provide: transporter, useValue: null },
      { provide: TRANSPORTER_OVERRIDE, useExisting: transporter },
      { provide: token, useClass: MailgunService },
      { provide: root, useExisting: token },
    ],
    exports: [token, root],
  }
}
