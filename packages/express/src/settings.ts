import type { IncomingMessage } from 'node:http'
import { buildHeaders, ConfigError, type MailgunOptions } from '@mailgun-smtp/core'
import type { OnError } from './later.ts'

/** The second argument of `mailgun()`. */
export interface MailgunSettings<Request extends IncomingMessage = IncomingMessage> {
  /**
   * Options for every mail of this middleware. Those of `mailgunOptions()` are merged over them. A function is called with
   * the request for each mail. Default: none.
   */
  readonly defaults?: MailgunOptions | ((req: Request) => MailgunOptions) | undefined
  /** The name for `res.mail.via(name)`, for a second mailer in one app. Default: none, and `res.mail` itself uses the mailer. */
  readonly name?: string | undefined
  /** Called for each mail of `res.mail.later` that failed. Default: `console.error`. */
  readonly onError?: OnError<Request> | undefined
  /** How many mails of `res.mail.later` can wait or be sent at the same time. One more is `deferred` at once. Default: 1,000. */
  readonly maxPending?: number | undefined
}

interface Rule {
  readonly must: string
  readonly holds: (value: unknown) => boolean
}

const rules: { readonly [Setting in keyof MailgunSettings]-?: Rule } = {
  defaults: {
    must: 'be options, or a function of the request that returns them',
    holds: (value) => typeof value === 'function' || (typeof value === 'object' && value !== null),
  },
  name: {
    must: 'be a string that is not empty',
    holds: (value) => typeof value === 'string' && value !== '',
  },
  onError: { must: 'be a function', holds: (value) => typeof value === 'function' },
  maxPending: {
    must: 'be a whole number from 1',
    holds: (value) => Number.isInteger(value) && Number(value) >= 1,
  },
}

/**
 * @throws {ConfigError} naming the setting that is wrong, or those there are.
 * @throws {InvalidOptionError} for fixed `defaults` that no mail could carry.
 */
export function checkSettings(settings: unknown): void {
  if (typeof settings !== 'object' || settings === null) {
    throw new ConfigError('The second argument of mailgun() is an object of settings.')
  }
  for (const [setting, value] of Object.entries(settings)) {
    if (!Object.hasOwn(rules, setting)) {
      throw new ConfigError(
        `The settings of mailgun() are ${Object.keys(rules).join(', ')}; the rest belongs to the config.`,
      )
    }
    const { must, holds } = rules[setting as keyof MailgunSettings]
    if (value !== undefined && !holds(value)) throw new ConfigError(`${setting} must ${must}.`)
    if (setting === 'defaults' && typeof value === 'object') buildHeaders(value as MailgunOptions)
  }
}
