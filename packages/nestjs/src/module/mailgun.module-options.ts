import {
  ConfigError,
  isMailer,
  type Logger,
  type Mailer,
  type MailerSettings,
  type MailgunConfig,
} from '@mailgun-smtp/core'
import type { MailgunEventEmitter } from '../mailer/mailgun.events.ts'
import type { ServiceParts } from '../service/service-parts.ts'
import {
  checkMilliseconds,
  isTransporter,
  ModuleMailer,
  type ReadyTransporter,
} from '../mailer/module-mailer.ts'
import { sourceOf } from '../mailer/mailer-source.ts'
import type { TemplateRenderer } from '../templates/templates.ts'

/** When the module tries the connection and the login: not at all, or at start with a warning or a failure. */
export type VerifyMode = 'off' | 'warn' | 'throw'

/** What the module itself does with its mailer. */
export interface MailgunModuleSettings {
  /** Whether the application connects and logs in when it starts: not at all, with a warning if that fails, or with an error. Default: `'off'`. */
  readonly verify?: VerifyMode | undefined
  /** How long `verify` may take, in milliseconds. Default: 10,000 (10 seconds). */
  readonly verifyTimeout?: number | undefined
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

// Without it, a union would let a config through that lacks its login.
type NoConfig = None<Omit<MailgunConfig, 'name' | keyof MailerSettings>>

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
  extends MailgunModuleSettings, NoConfig, None<MailgunMailerSettings> {
  readonly mailer: Mailer
}

/** A mailer that sends through a transporter of nodemailer, which the module closes with the application. */
export interface MailgunTransporterOptions
  extends MailgunModuleSettings, MailgunMailerSettings, NoConfig {
  readonly mailer: ReadyTransporter
}

/** A mailer made from the environment (`MAILGUN_SMTP_URL` and its like), which is read at the first send. */
export interface MailgunEnvironmentOptions
  extends MailgunModuleSettings, MailgunMailerSettings, NoConfig {
  readonly mailer?: undefined
}

/** What the module makes its mailer from. */
export type MailgunModuleOptions =
  | MailgunConfigOptions
  | MailgunReadyOptions
  | MailgunTransporterOptions
  | MailgunEnvironmentOptions

/** The options with their mailer made. */
export interface ResolvedModuleOptions extends ServiceParts {
  readonly name: string
  readonly verify: VerifyMode
  readonly verifyTimeout: number
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
    ...source
  }: Record<string, unknown> = { ...options }
  for (const extra of ['name', 'isGlobal', 'extraProviders']) {
    if (extra in source) {
      throw new ConfigError(
        `${extra} does not belong in the result of the factory: put it next to useFactory, useClass or useExisting.`,
      )
    }
  }
  if (!isVerifyMode(verify)) throw new ConfigError("verify must be 'off', 'warn' or 'throw'.")
  checkMilliseconds(verifyTimeout, 'verifyTimeout')
  if (!isRenderer(templates)) {
    throw new ConfigError('templates must be a function (template, context) => html.')
  }
  const mail = new ModuleMailer(sourceOf(source, name, replacement))
  return {
    verify,
    verifyTimeout,
    templates,
    mailer: mail.mailer,
    verifyWithin: (milliseconds) => mail.verifyWithin(milliseconds),
    close: () => mail.close(),
  }
}

function isVerifyMode(value: unknown): value is VerifyMode {
  return value === 'off' || value === 'warn' || value === 'throw'
}

function isRenderer(value: unknown): value is TemplateRenderer | undefined {
  return value === undefined || typeof value === 'function'
}
