import {
  ConfigError,
  isMailer,
  type Logger,
  type MailerSettings,
  type MailgunConfig,
} from '@mailgun-smtp/core'
import { emitTo, isEmitter } from './mailgun.events.ts'
import { isTransporter, withDefaultFields, type MailerSource } from './module-mailer.ts'
import { nestLogger } from './nest-logger.ts'

/** The settings that hold whatever a mailer sends through. */
const settingNames: Readonly<Record<keyof MailerSettings, true>> = {
  deadlines: true,
  retry: true,
  onUnknown: true,
  rateLimit: true,
  maxQueue: true,
  store: true,
  logger: true,
  observers: true,
}

/**
 * What a module's mailer is made from: its options, and what replaces their connection in tests.
 *
 * @throws {ConfigError} if the options exclude each other.
 */
export function sourceOf(
  { mailer: ready, logger, events, ...given }: Record<string, unknown>,
  name: string,
  replacement: unknown,
): MailerSource {
  const settings = { ...settingsIn(given), ...loggerSetting(logger, events, name) }
  const config = namesOf(given).some((setting) => !Object.hasOwn(settingNames, setting))
    ? // From JavaScript it may be anything: createMailer checks it.
      ({ ...given, ...settings } as unknown as MailgunConfig)
    : undefined
  if (ready !== undefined) refuseBeside(ready, { ...given, logger, events })
  if (replacement !== undefined)
    return { settings, ready: inPlaceOf(replacement, { ready, config }) }
  return { settings, config, ready: ready as MailerSource['ready'] }
}

function refuseBeside(ready: unknown, given: Record<string, unknown>): void {
  if (!isMailer(ready) && !isTransporter(ready)) {
    throw new ConfigError(
      'mailer must be a mailer from createMailer() or a nodemailer transporter.',
    )
  }
  const foreign = namesOf(given).filter(
    (setting) => isMailer(ready) || !(setting === 'events' || Object.hasOwn(settingNames, setting)),
  )
  if (foreign.length > 0) {
    throw new ConfigError(`mailer and ${foreign.join(', ')} exclude each other.`)
  }
}

/** The replacement keeps the fields that the options give every message. */
function inPlaceOf(
  replacement: unknown,
  { ready, config }: { readonly ready: unknown; readonly config: MailgunConfig | undefined },
): MailerSource['ready'] {
  if (isMailer(replacement)) return replacement
  if (!isTransporter(replacement)) {
    throw new ConfigError(
      'Override getMailgunTransporterToken() with a nodemailer transporter or a mailer.',
    )
  }
  if (isTransporter(ready)) return withDefaultFields(replacement, ready._defaults)
  const access = (['disableFileAccess', 'disableUrlAccess'] as const)
    .filter((field) => config?.[field] !== undefined)
    .map((field) => [field, config?.[field]])
  return withDefaultFields(replacement, { ...config?.defaults, ...Object.fromEntries(access) })
}

function settingsIn(given: Record<string, unknown>): MailerSettings {
  return Object.fromEntries(
    namesOf(given)
      .filter((setting) => Object.hasOwn(settingNames, setting))
      .map((setting) => [setting, given[setting]]),
  )
}

function loggerSetting(
  logger: unknown,
  events: unknown,
  name: string,
): Pick<MailerSettings, 'logger'> {
  const told = loggerOf(logger, name)
  if (events === undefined) return told ? { logger: told } : {}
  if (!isEmitter(events)) {
    throw new ConfigError('events must have emit(): an EventEmitter2, or an EventEmitter of Node.')
  }
  return { logger: emitTo(events, name, told) }
}

function loggerOf(logger: unknown, name: string): Logger | undefined {
  if (logger === false) return undefined
  if (logger === undefined) return nestLogger(`Mailgun:${name}`)
  if (typeof logger === 'object' && logger !== null) return logger as Logger
  throw new ConfigError('logger must be an object with debug, info, warn and error, or false.')
}

function namesOf(given: Record<string, unknown>): string[] {
  return Object.keys(given).filter((setting) => given[setting] !== undefined)
}
