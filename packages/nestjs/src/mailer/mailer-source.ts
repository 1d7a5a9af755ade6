import {
  ConfigError,
  isMailer,
  type DeliverySettings,
  type MailgunConfig,
} from '@mailgun-smtp/core'
import { isSettingName, mailerSettingsOf } from './mailer-settings.ts'
import { isTransporter, withDefaultFields, type MailerSource } from './module-mailer.ts'

/** Options of other modules for mail, and what to write instead. */
const foreignOptions: Readonly<Record<string, string>> = {
  transport: 'spread its settings into the options, or pass a nodemailer transporter as mailer',
  transporter: 'pass it as mailer',
  transports: 'import MailgunModule once for each, with a name',
  template: 'pass a function as templates',
}

/**
 * What a module's mailer is made from: its options, or what a test overrides their connection with.
 *
 * @throws {ConfigError} if the options exclude each other.
 */
export function sourceOf(
  { mailer: ready, ...given }: Record<string, unknown>,
  name: string,
  replacement: unknown,
): MailerSource {
  for (const [option, cure] of Object.entries(foreignOptions)) {
    if (given[option] !== undefined) {
      throw new ConfigError(`${option} is not an option of MailgunModule: ${cure}.`)
    }
  }
  const settings = mailerSettingsOf(given, name)
  const { events: _events, logger: _logger, ...rest } = given
  const config = namesOf(rest).some((option) => !isSettingName(option))
    ? // From JavaScript it may be anything: createMailer() checks it.
      (rest as MailgunConfig | DeliverySettings)
    : undefined
  if (ready !== undefined) refuseBeside(ready, given)
  return replacement === undefined
    ? { settings, config, ready: ready as MailerSource['ready'] }
    : { settings, ready: inPlaceOf(replacement, { ready, config }) }
}

/** What sends in place of the options' own connection. It keeps the fields that the options give every message. */
export function inPlaceOf(
  replacement: unknown,
  {
    ready,
    config,
  }: { readonly ready?: unknown; readonly config: MailgunConfig | DeliverySettings | undefined },
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

function refuseBeside(ready: unknown, given: Record<string, unknown>): void {
  if (!isMailer(ready) && !isTransporter(ready)) {
    throw new ConfigError(
      'mailer must be a mailer from createMailer() or a nodemailer transporter.',
    )
  }
  const foreign = namesOf(given).filter(
    (option) => isMailer(ready) || !(option === 'events' || isSettingName(option)),
  )
  if (foreign.length > 0) {
    throw new ConfigError(`mailer and ${foreign.join(', ')} exclude each other.`)
  }
}

function namesOf(given: Record<string, unknown>): string[] {
  return Object.keys(given).filter((option) => given[option] !== undefined)
}
