import { buildHeaders, ConfigError, type MailgunOptions } from '@mailgun-smtp/core'
import { Inject, Injectable, Module, Scope, type DynamicModule } from '@nestjs/common'
import { ModulesContainer } from '@nestjs/core'
import type { MailgunService } from '../service/mailgun.service.ts'
import { DEFAULT_NAME, getMailgunRootToken, getMailgunToken } from '../service/mailgun.tokens.ts'

/** Which mailer a module's defaults are for. */
export interface MailgunFeatureSettings {
  /** The name of the mailer. Default: the mailer without a name. */
  readonly name?: string | undefined
}

interface Feature {
  readonly name: string
}

const FEATURE: unique symbol = Symbol('MailgunModule feature')

/** Refuses defaults without effect: Nest takes the first import that has what it looks for. */
@Injectable()
class FeatureOrder {
  constructor(
    @Inject(FEATURE) feature: Feature,
    @Inject(ModulesContainer) modules: ModulesContainer,
  ) {
    const token = getMailgunToken(feature.name)
    for (const { imports, metatype } of modules.values()) {
      const offers = [...imports].filter(
        ({ exports, providers }) => exports.has(token) && providers.has(token),
      )
      const place = offers.findIndex(
        ({ providers }) => providers.get(FEATURE)?.instance === feature,
      )
      if (place > 0) {
        throw new ConfigError(
          `MailgunModule.forFeature() has no effect in ${metatype.name}: the mailer '${feature.name}' is imported before it. List forFeature() first, and once for each mailer; in a module that is loaded lazily, use MailgunService.with() or @MailgunOptions().`,
        )
      }
    }
  }
}

@Module({})
class MailgunFeatureModule {}

/** What `app.get()` finds: Nest gives it the provider that was registered last under a token. */
@Module({})
class MailgunRootModule {}

/**
 * Has the service without any module's defaults registered after the feature that imports this. Otherwise `app.get()`
 * would meet the feature's own, which belongs to no one module and is an error there.
 */
function rootModule(name: string): DynamicModule {
  return {
    module: MailgunRootModule,
    providers: [
      {
        provide: getMailgunToken(name),
        inject: [{ token: getMailgunRootToken(name), optional: true }],
        useFactory: (root?: MailgunService) => root,
      },
    ],
  }
}

/**
 * The defaults of one module.
 *
 * @throws {InvalidOptionError} if the options cannot be sent as meant.
 */
export function featureModule(
  options: MailgunOptions,
  { name = DEFAULT_NAME }: MailgunFeatureSettings,
): DynamicModule {
  // Fails where the options are written, and not at the first mail.
  buildHeaders(options)
  const token = getMailgunToken(name)
  const feature: Feature = { name }
  return {
    module: MailgunFeatureModule,
    imports: [rootModule(name)],
    providers: [
      { provide: FEATURE, useValue: feature },
      FeatureOrder,
      {
        provide: token,
        // Nest before 11.2 goes on to the global mailer once a shared instance exists.
        scope: Scope.TRANSIENT,
        inject: [{ token: getMailgunRootToken(name), optional: true }],
        useFactory: (root?: MailgunService) => derive(root, name, options),
      },
    ],
    exports: [token],
  }
}

function derive(
  root: MailgunService | undefined,
  name: string,
  options: MailgunOptions,
): MailgunService {
  if (!root) {
    throw new ConfigError(
      `MailgunModule.forFeature() finds no mailer '${name}': the application needs its MailgunModule.forRoot(), which is global by default.`,
    )
  }
  return root.withDefaults(options)
}
