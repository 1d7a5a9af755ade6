import { ConfigError } from '../outcome/errors.ts'
import { parseConfigUrl } from './config-url.ts'
import { checkKinds, ownSettings, type MailgunConfig, type DeliverySettings } from './config.ts'
import { checkDefaults } from './message-defaults.ts'
import { readEnvironment } from './environment.ts'

/** What says where the server is and who logs in. A URL or the environment says all of it. */
const placeAndLogin = ['auth', 'region', 'host', 'port', 'secure'] as const

/** What a mailer or a transporter can be made of. */
export type GivenConfig = MailgunConfig | DeliverySettings | string | undefined

/** Whether the environment has to say where the server is and who logs in. */
export function needsEnvironment(config: GivenConfig): boolean {
  if (config === undefined) return true
  if (typeof config !== 'object' || config === null) return false
  return config.url === undefined && !namesPlace(config)
}

/**
 * The whole config: a config, a URL or the environment says where the server is and who logs in; the settings
 * beside it say the rest, and win over a URL's own.
 *
 * @throws {ConfigError} if both say where or who, or the environment has no login.
 */
export function completeConfig(
  config: GivenConfig,
  settings: DeliverySettings = {},
  environment: NodeJS.ProcessEnv = process.env,
): MailgunConfig {
  const { given, rest } = separate(config, settings)
  const place =
    given ??
    (rest.url === undefined ? readEnvironment(environment) : parseConfigUrl(String(rest.url)))
  return Object.assign(ownSettings(place), rest, { url: undefined })
}

/**
 * Checks what can be checked before the environment is read.
 *
 * @throws {ConfigError} naming the setting.
 */
export function checkSettingsBeside(config: GivenConfig, settings: DeliverySettings = {}): void {
  const { given, rest } = separate(config, settings)
  checkKinds(rest)
  checkDefaults(given?.defaults)
  checkDefaults(rest.defaults)
}

function separate(
  config: GivenConfig,
  settings: DeliverySettings,
): { readonly given: MailgunConfig | undefined; readonly rest: DeliverySettings } {
  const beside = ownSettings(settings)
  for (const name of placeAndLogin) {
    if (Reflect.get(beside, name) !== undefined) {
      throw new ConfigError(`${name} belongs to the config, the first argument.`)
    }
  }
  if (typeof config === 'string') return { given: parseConfigUrl(config), rest: beside }
  const own = ownSettings(config === undefined ? {} : config)
  if (namesPlace(own) && own.url === undefined) {
    return { given: own as MailgunConfig, rest: beside }
  }
  if (own.url !== undefined && typeof own.url !== 'string') {
    throw new ConfigError('url must be a string.')
  }
  for (const name of placeAndLogin) {
    if (Reflect.get(own, name) !== undefined) {
      throw new ConfigError(`url says where the server is and who logs in: leave ${name} out.`)
    }
  }
  return { given: undefined, rest: Object.assign(own, beside) }
}

function namesPlace(config: object): config is MailgunConfig {
  return placeAndLogin.some((name) => Reflect.get(config, name) !== undefined)
}
