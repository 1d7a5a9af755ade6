import {
  ConfigError,
  createMailer,
  isMailer,
  type DeliverySettings,
  type Logger,
  type Mailer,
  type MailerSettings,
  type MailgunConfig,
} from '@mailgun-smtp/core'
import type { MailgunEventEmitter } from '../mailer/mailgun.events.ts'
import type { ServiceParts } from '../service/service-parts.ts'
import {
  isTransporter,
  mailerOf,
  type MailerSource,
  type ReadyTransporter,
} from '../mailer/module-mailer.ts'
import { inPlaceOf, sourceOf } from '../mailer/mailer-source.ts'
import { withOwnSettings } from '../mailer/mailer-settings.ts'
import { TenantMailers, type TenantConfig, type TenantConfigs } from '../tenants/tenant-mailers.ts'
import type { TemplateRenderer } from '../templates/templates.ts'

/** When the module tries the connection and the login: not at all, or at start with a warning or a failure. */
export type VerifyMode = 'off' | 'warn' | 'throw'

/** What the module itself does with its mailer. */
export interface MailgunModuleSettings {
  /** Whether the application connects and logs in when it starts: not at all, with a warning if that fails, or with an error. Default: `'off'`. */
  readonly verify?: VerifyMode | undefined
  /** How long `verify` may take, in milliseconds: 1 to 2147483647. Default: 10,000 (10 seconds). */
  readonly verifyTimeout?: number | undefined
  /** Looks up the config of a tenant's mailer, or its URL, for `MailgunService.for()`; `undefined` for an unknown tenant. Default: none, and `for()` throws. */
  readonly tenants?: TenantConfigs | undefined
  /** How many mailers of tenants stay open, the most recently used ones. At least 1. Default: 100. */
  readonly maxTenants?: number | undefined
  /** Renders messages that name a `template`. Default: none, and such a message is refused. */
  readonly templates?: TemplateRenderer | undefined
}

/** How messages are handed over, told to Nest's logger unless another is given. */
export interface MailgunMailerSettings extends Omit<MailerSettings, 'logger'> {
  /** Logs every send, without bodies, recipients or secrets. `false` turns it off. Default: the `Logger` of Nest. */
  readonly logger?: Logger | false | undefined
  /** Emits an event for every send, under the names of {@link MailgunEvents}. Default: none. */
  readonly events?: MailgunEventEmitter | undefined
}

type None<Settings> = { readonly [Setting in keyof Settings]?: undefined }

/** Settings that say how messages are handed over, wherever the server is. */
type OwnDeliverySettings = Omit<DeliverySettings, 'name' | keyof MailerSettings>

/** Where the server is and who logs in. */
type Place = Omit<MailgunConfig, keyof DeliverySettings>

/** A mailer made from a config. To greet the server under another name, give a `mailer` instead. */
export interface MailgunConfigOptions
  extends
    Omit<MailgunConfig, 'name' | keyof MailerSettings>,
    MailgunMailerSettings,
    MailgunModuleSettings {
  readonly mailer?: undefined
}

/** A mailer that exists already. It becomes the module's, which closes it with the application. */
export interface MailgunReadyOptions
  extends
    MailgunModuleSettings,
    None<Place>,
    None<OwnDeliverySettings>,
    None<MailgunMailerSettings> {
  readonly mailer: Mailer
}

/** A mailer that sends through a transporter of nodemailer, which the module closes with the application. */
export interface MailgunTransporterOptions
  extends MailgunModuleSettings, MailgunMailerSettings, None<Place>, None<OwnDeliverySettings> {
  readonly mailer: ReadyTransporter
}

/**
 * A mailer whose server and login come from `url`, or from the environment (`MAILGUN_SMTP_URL` and its like), which is
 * read at the first send. The other settings are as in a config.
 */
export interface MailgunEnvironmentOptions
  extends OwnDeliverySettings, MailgunModuleSettings, MailgunMailerSettings, None<Place> {
  readonly mailer?: undefined
}

/** What the module makes its mailer from. */
export type MailgunModuleOptions =
  | MailgunConfigOptions
  | MailgunReadyOptions
  | MailgunTransporterOptions
  | MailgunEnvironmentOptions

/** The longest delay of a timer (Node's `setTimeout`). */
const longestTimeout = 2 ** 31 - 1

/** The options with their mailer made. */
export interface ResolvedModuleOptions extends ServiceParts {
  readonly name: string
  readonly verify: VerifyMode
  readonly verifyTimeout: number
  /** Closes the mailer and those of tenants, once their sends have ended. */
  readonly close: () => Promise<void>
}

/**
 * The mailer of the options.
 *
 * @param replacement What is sent through in place of the options' own connection; `null`: nothing.
 * @throws {ConfigError} naming the mailer, if the options cannot make one.
 */
export function resolveModuleOptions(
  options: unknown,
  name: string,
  replacement: unknown,
): ResolvedModuleOptions {
  try {
    return { name, ...resolve(options ?? {}, name, replacement ?? undefined) }
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    throw new ConfigError(`Mailer '${name}': ${error.message}`)
  }
}

/**
 * Refuses a value that is not an options object at all.
 *
 * @throws {ConfigError} saying what to pass instead.
 */
export function checkOptionsObject(options: unknown): asserts options is object {
  if (isMailer(options) || isTransporter(options)) {
    throw new ConfigError('A ready mailer or transporter is passed as { mailer }.')
  }
  if (options instanceof Promise) {
    throw new ConfigError('forRoot() does not take a promise; use forRootAsync({ useFactory }).')
  }
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new ConfigError(
      'The options must be a config object or { mailer }; a URL is passed as { mailer: createMailer(url) }.',
    )
  }
}

function resolve(
  options: unknown,
  name: string,
  replacement: unknown,
): Omit<ResolvedModuleOptions, 'name'> {
  checkOptionsObject(options)
  const {
    verify = 'off',
    verifyTimeout = 10_000,
    templates,
    tenants,
    maxTenants = 100,
    ...given
  }: Record<string, unknown> = { ...options }
  for (const extra of ['name', 'isGlobal', 'extraProviders']) {
    if (extra in given) {
      throw new ConfigError(
        `${extra} does not belong in the result of the factory: put it next to useFactory, useClass or useExisting.`,
      )
    }
  }
  if (!isVerifyMode(verify)) throw new ConfigError("verify must be 'off', 'warn' or 'throw'.")
  if (!isWholeNumber(verifyTimeout, longestTimeout)) {
    throw new ConfigError(
      `verifyTimeout must be a whole number of milliseconds from 1 to ${longestTimeout}.`,
    )
  }
  if (!isFunction<TemplateRenderer>(templates)) {
    throw new ConfigError('templates must be a function (template, context) => html.')
  }
  if (!isFunction<TenantConfigs>(tenants)) {
    throw new ConfigError('tenants must be a function (tenant) => config.')
  }
  if (!isWholeNumber(maxTenants, Number.MAX_SAFE_INTEGER)) {
    throw new ConfigError('maxTenants must be a whole number from 1.')
  }
  const source = sourceOf(given, name, replacement)
  const mailer = mailerOf(source)
  const ofTenants = tenants && tenantMailers(tenants, maxTenants, source, replacement)
  return {
    verify,
    verifyTimeout,
    templates,
    mailer,
    tenants: ofTenants,
    close: async () => void (await Promise.all([mailer.close(), ofTenants?.close()])),
  }
}

function tenantMailers(
  configs: TenantConfigs,
  limit: number,
  { settings: ofModule }: MailerSource,
  replacement: unknown,
): TenantMailers {
  const create = (config: TenantConfig): Mailer => {
    const given = typeof config === 'string' ? undefined : config
    // Without a login of its own, a tenant's mail would leave by the login of the environment.
    if (given && !('auth' in given) && !('url' in given)) {
      throw new ConfigError('tenants() must return a config with auth or url, or a URL.')
    }
    const settings = withOwnSettings(ofModule, given ?? {})
    if (replacement === undefined) return createMailer(config, settings)
    return mailerOf({ settings, ready: inPlaceOf(replacement, { config: given }) })
  }
  // What a test sends through instead is shared, and closed once, with the module's own mailer.
  const close = (mailer: Mailer): Promise<void> =>
    replacement === undefined ? mailer.close() : Promise.resolve()
  return new TenantMailers({ configs, limit, create, close })
}

function isVerifyMode(value: unknown): value is VerifyMode {
  return value === 'off' || value === 'warn' || value === 'throw'
}

function isFunction<Kind>(value: unknown): value is Kind | undefined {
  return value === undefined || typeof value === 'function'
}

function isWholeNumber(value: unknown, most: number): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 1 && Number(value) <= most
}
