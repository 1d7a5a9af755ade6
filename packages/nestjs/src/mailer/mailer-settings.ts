import {
  ConfigError,
  type Logger,
  type MailerSettings,
  type SendObserver,
} from '@mailgun-smtp/core'
import { emitTo, isEmitter } from './mailgun.events.ts'
import { nestLogger } from './nest-logger.ts'

/** The settings that a mailer takes whatever it sends through. */
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

export function isSettingName(name: string): boolean {
  return Object.hasOwn(settingNames, name)
}

/**
 * The settings among a module's options, with Nest's logger unless another is given, and `events` as an observer.
 *
 * @throws {ConfigError} for a `logger` or `events` of the wrong kind.
 */
export function mailerSettingsOf(
  { logger, events, ...given }: Record<string, unknown>,
  name: string,
): MailerSettings {
  const settings: Record<string, unknown> = Object.fromEntries(
    Object.entries(given).filter(([key, value]) => value !== undefined && isSettingName(key)),
  )
  const told = loggerOf(logger, name)
  if (told) settings['logger'] = told
  if (events === undefined) return settings
  if (!isEmitter(events)) {
    throw new ConfigError('events must have emit(): an EventEmitter2, or an EventEmitter of Node.')
  }
  const { observers = [] } = settings as MailerSettings
  // From JavaScript it may be anything: createMailer() refuses what is not a list.
  if (!Array.isArray(observers)) return settings
  return {
    ...settings,
    observers: [...(observers as readonly SendObserver[]), emitTo(events, name)],
  }
}

/** The settings of one mailer over those of its module: each observer is told. */
export function withOwnSettings(module: MailerSettings, own: MailerSettings): MailerSettings {
  const given = Object.entries(own).filter(
    ([key, value]) => value !== undefined && isSettingName(key),
  )
  const observers = [...(module.observers ?? []), ...(own.observers ?? [])]
  return {
    ...module,
    ...Object.fromEntries(given),
    ...(observers.length > 0 && { observers }),
  }
}

function loggerOf(logger: unknown, name: string): Logger | undefined {
  if (logger === false) return undefined
  if (logger === undefined) return nestLogger(`Mailgun:${name}`)
  if (typeof logger === 'object' && logger !== null) return logger as Logger
  throw new ConfigError('logger must be an object with debug, info, warn and error, or false.')
}
