import { ConfigError, type MailgunOptions } from '@mailgun-smtp/core'
import { Module, type DynamicModule } from '@nestjs/common'
import { DiscoveryModule } from '@nestjs/core'
import { RESOLVED_OPTIONS } from '../service/service-parts.ts'
import { featureModule, type MailgunFeatureSettings } from './mailgun.feature.ts'
import { MailgunLifecycle } from './mailgun.lifecycle.ts'
import { MailgunOptionsExplorer } from '../options/mailgun-options.explorer.ts'
import { StaticOptions } from './static-options.ts'
import {
  ConfigurableModuleClass,
  MAILER_NAME,
  MODULE_OPTIONS_TOKEN,
  TRANSPORTER_OVERRIDE,
  type MailgunModuleAsyncOptions,
  type MailgunModuleExtras,
} from './mailgun.module-definition.ts'
import {
  checkOptionsObject,
  resolveModuleOptions,
  type MailgunModuleOptions,
  type ResolvedModuleOptions,
} from './mailgun.module-options.ts'

const asyncKeys = new Set([
  'imports',
  'inject',
  'useFactory',
  'useClass',
  'useExisting',
  'provideInjectionTokensFrom',
  'name',
  'isGlobal',
  'extraProviders',
])

/** One mailer of the application, and what `@MailgunOptions()` needs to reach subclasses. */
@Module({
  imports: [DiscoveryModule],
  providers: [
    {
      provide: RESOLVED_OPTIONS,
      useFactory: resolveOnce,
      inject: [
        { token: MAILER_NAME, optional: true },
        { token: MODULE_OPTIONS_TOKEN, optional: true },
        { token: TRANSPORTER_OVERRIDE, optional: true },
      ],
    },
    MailgunLifecycle,
    StaticOptions,
    MailgunOptionsExplorer,
  ],
})
export class MailgunModule extends ConfigurableModuleClass {
  /**
   * A mailer from a config, from a ready mailer or transporter, or with neither from the environment.
   *
   * @throws {ConfigError} for options of the wrong shape; when the application starts, if they cannot make a mailer or its name is taken.
   */
  static override forRoot(options: MailgunModuleOptions & MailgunModuleExtras = {}): DynamicModule {
    checkOptionsObject(options)
    return super.forRoot(options)
  }

  /**
   * The same, with options that are made when the application starts.
   *
   * @throws {ConfigError} if there is nothing to make the options.
   */
  static override forRootAsync(options: MailgunModuleAsyncOptions): DynamicModule {
    const { useFactory, useClass, useExisting } = options ?? {}
    if (!useFactory && !useClass && !useExisting) {
      throw new ConfigError(
        'MailgunModule.forRootAsync() needs useFactory, useClass or useExisting; forRoot() does without.',
      )
    }
    const stray = Object.keys(options).find((key) => !asyncKeys.has(key))
    if (stray !== undefined) {
      throw new ConfigError(
        `${stray} does not belong next to the factory of MailgunModule.forRootAsync(): put it in the factory's result.`,
      )
    }
    return super.forRootAsync(options)
  }

  /**
   * Options for every mail that the importing module's classes send: over the config's defaults, under the scope's.
   *
   * @throws {InvalidOptionError} if the options cannot be sent as meant.
   * @throws {ConfigError} when the application starts, if there is no such mailer or the defaults would not hold.
   */
  static forFeature(options: MailgunOptions, settings: MailgunFeatureSettings = {}): DynamicModule {
    return featureModule(options, settings)
  }
}

function resolveOnce(
  name: string | undefined,
  options: unknown,
  replacement: unknown,
): ResolvedModuleOptions {
  if (name === undefined) {
    throw new ConfigError(
      'MailgunModule is imported without a mailer: write MailgunModule.forRoot() or MailgunModule.forRootAsync({ … }).',
    )
  }
  return resolveModuleOptions(options, name, replacement)
}
