import {
  ConfigError,
  createMailer,
  isMailer,
  type Mailer,
  type MailgunConfig,
} from '@mailgun-smtp/core'

/** When the module tries the connection and the login: not at all, or at start with a warning or a failure. */
export type VerifyMode = 'off' | 'warn' | 'throw'

interface VerifyAtStart {
  /** Whether the application connects and logs in when it starts, for 10 seconds at most. Default `'off'`. */
  readonly verify?: VerifyMode | undefined
}

// Without it, a union would let a config through that lacks its login.
type NoConfig = { readonly [Setting in Exclude<keyof MailgunConfig, 'name'>]?: undefined }

/** A mailer made from a config. To greet the server under another name, give a `mailer` instead. */
export interface MailgunConfigOptions extends Omit<MailgunConfig, 'name'>, VerifyAtStart {
  readonly mailer?: undefined
}

/** A transporter of nodemailer that {@link MailgunReadyOptions} takes. */
export type ReadyTransporter = Extract<
  Parameters<typeof createMailer>[0],
  { readonly sendMail: unknown }
>

/** A mailer that exists already. It becomes the module's, which closes it with the application. */
export interface MailgunReadyOptions extends VerifyAtStart, NoConfig {
  readonly mailer: Mailer | ReadyTransporter
}

/** A mailer made from the environment (`MAILGUN_SMTP_URL` and its like), which is read at the first send. */
export interface MailgunEnvironmentOptions extends VerifyAtStart, NoConfig {
  readonly mailer?: undefined
}

/** What the module makes its mailer from. */
export type MailgunModuleOptions =
  | MailgunConfigOptions
  | MailgunReadyOptions
  | MailgunEnvironmentOptions

/** Where a module keeps its mailer: of its own, never exported. */
export const RESOLVED_OPTIONS: unique symbol = Symbol('MailgunModule mailer')

/** The options with their mailer made. */
export interface ResolvedModuleOptions {
  readonly name: string
  readonly mailer: Mailer
  readonly verify: VerifyMode
}

/**
 * The mailer of the options.
 *
 * @throws {ConfigError} naming the mailer, if the options cannot make one.
 */
export function resolveModuleOptions(options: unknown, name: string): ResolvedModuleOptions {
  try {
    return { name, ...resolve(options ?? {}) }
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    throw new ConfigError(`Mailer '${name}': ${error.message}`)
  }
}

/**
 * Refuses what is no options object at all.
 *
 * @throws {ConfigError} saying what to pass instead.
 */
export function checkOptionsObject(options: unknown): asserts options is object {
  if (isMailer(options) || isTransporter(options)) {
    throw new ConfigError('A ready mailer or transporter is passed as { mailer }.')
  }
  if (options instanceof Promise) {
    throw new ConfigError('forRoot() takes no promise; use forRootAsync({ useFactory }).')
  }
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new ConfigError(
      'The options must be a config object or { mailer }; a URL is passed as { mailer: createMailer(url) }.',
    )
  }
}

function resolve(options: unknown): Omit<ResolvedModuleOptions, 'name'> {
  checkOptionsObject(options)
  const { verify = 'off', mailer, ...config }: Record<string, unknown> = { ...options }
  if (!isVerifyMode(verify)) throw new ConfigError("verify must be 'off', 'warn' or 'throw'.")
  for (const extra of ['name', 'isGlobal', 'extraProviders']) {
    if (extra in config) {
      throw new ConfigError(
        `${extra} does not belong in the result of the factory: it stands beside useFactory, useClass or useExisting.`,
      )
    }
  }
  return { verify, mailer: mailer === undefined ? mailerOf(config) : ready(mailer, config) }
}

function mailerOf(config: Record<string, unknown>): Mailer {
  // From JavaScript the settings may be anything: createMailer checks them.
  return isEmpty(config) ? createMailer() : createMailer(config as unknown as MailgunConfig)
}

function ready(mailer: unknown, config: Record<string, unknown>): Mailer {
  if (!isEmpty(config)) {
    throw new ConfigError(`mailer and ${Object.keys(config).join(', ')} exclude each other.`)
  }
  if (isMailer(mailer)) return mailer
  if (isTransporter(mailer)) return createMailer(mailer)
  throw new ConfigError('mailer must be a mailer from createMailer() or a nodemailer transporter.')
}

function isTransporter(value: unknown): value is ReadyTransporter {
  return (
    typeof value === 'object' &&
    value !== null &&
    'sendMail' in value &&
    typeof value.sendMail === 'function'
  )
}

function isVerifyMode(value: unknown): value is VerifyMode {
  return value === 'off' || value === 'warn' || value === 'throw'
}

function isEmpty(config: Record<string, unknown>): boolean {
  return Object.values(config).every((value) => value === undefined)
}
