import type { ConnectionOptions } from 'node:tls'
import { mailerSettingKinds, type MailerSettings } from './mailer-settings.ts'
import { ConfigError } from '../outcome/errors.ts'
import { isPlainObject } from '../options/json.ts'
import type { MessageDefaults } from '../message/message.ts'
import { defaultPort, isLoopback, ports, regions, type Port, type Region } from '../regions.ts'

/**
 * How messages are handed over, wherever the server is. It can be all that you give: then the environment says where
 * the server is and who logs in.
 */
export interface DeliverySettings extends MailerSettings {
  /** Where the server is and who logs in, as one URL: `mailgun+smtp://login:password@us:587`. It excludes `auth`, `region`, `host`, `port` and `secure`. Default: none. Environment variable: `MAILGUN_SMTP_URL`. */
  readonly url?: string | undefined
  /** Ports to try, in this order, if the first port cannot be reached: `[2525, 465]`. A message that Mailgun may have accepted never moves to another port. Default: none. */
  readonly fallbackPorts?: readonly number[] | undefined
  /** Whether the connection to Mailgun must be encrypted. `false` means plaintext and is allowed only for a loopback host. The option `requireTls` is about the connection from Mailgun to the recipient's server. Default: `true`. */
  readonly requireTLS?: boolean | undefined
  /** Settings of the TLS connection, such as `ca`. You can turn off verification only for a loopback host. Default: TLS 1.2 or newer, verified. */
  readonly tls?: ConnectionOptions | undefined
  /** Whether connections are kept and reused. Default: `false`, one connection for each message. */
  readonly pool?: boolean | undefined
  /** How many connections can be open, and how many messages can be handed over, at the same time. Default: 5. */
  readonly maxConnections?: number | undefined
  /** How many messages one connection of the pool sends before it is replaced. Default: 100. */
  readonly maxMessages?: number | undefined
  /** The host name in the SMTP greeting (EHLO). Default: the machine's name. */
  readonly name?: string | undefined
  /** Fields for every message. A message's own fields replace them. Default: none. */
  readonly defaults?: MessageDefaults | undefined
  /** `false` allows attachments that are read from a file path. Default: `true`. */
  readonly disableFileAccess?: boolean | undefined
  /** `false` allows attachments that are fetched from a URL. Default: `true`. */
  readonly disableUrlAccess?: boolean | undefined
}

/** How to reach and log in to Mailgun, and how messages are handed over. */
export interface MailgunConfig extends DeliverySettings {
  /** An SMTP login of the sending domain. It is not the account's API key. */
  readonly auth: {
    /** The login, such as `postmaster@mg.example.com`. Environment variable: `MAILGUN_SMTP_LOGIN`. */
    readonly user: string
    /** The password of the login. Environment variable: `MAILGUN_SMTP_PASSWORD`. */
    readonly pass: string
  }
  /** The region in which the domain was created. Default: `'us'`. Environment variable: `MAILGUN_SMTP_REGION`. */
  readonly region?: Region | undefined
  /** Another server instead of Mailgun's: the emulator or a relay. It excludes `region`. Default: the region's server. Environment variable: `MAILGUN_SMTP_SERVER`. */
  readonly host?: string | undefined
  /** 25, 465, 587 or 2525. Any other port needs `host` and `secure`. Default: 587, or 465 with `secure: true`. Environment variable: `MAILGUN_SMTP_PORT`. */
  readonly port?: number | undefined
  /** Whether TLS starts with the first byte (implicit TLS) or with STARTTLS. Default: `true` on port 465, `false` on 25, 587 and 2525. */
  readonly secure?: boolean | undefined
}

type Kind = 'object' | 'string' | 'number' | 'boolean'

const kinds: Readonly<Record<keyof MailgunConfig, readonly Kind[]>> = {
  url: ['string'],
  auth: ['object'],
  region: ['string'],
  host: ['string'],
  port: ['number'],
  fallbackPorts: ['object'],
  secure: ['boolean'],
  requireTLS: ['boolean'],
  tls: ['object'],
  pool: ['boolean'],
  maxConnections: ['number'],
  maxMessages: ['number'],
  name: ['string'],
  defaults: ['object'],
  disableFileAccess: ['boolean'],
  disableUrlAccess: ['boolean'],
  ...mailerSettingKinds,
}

/** Where a config leads, with every default. */
export interface ResolvedConfig {
  readonly host: string
  readonly port: number
  readonly secure: boolean
  readonly requireTLS: boolean
  /** Whether the session is plaintext. */
  readonly ignoreTLS: boolean
  readonly auth: MailgunConfig['auth']
  readonly tls: ConnectionOptions
  readonly disableFileAccess: boolean
  readonly disableUrlAccess: boolean
  readonly pool?: boolean | undefined
  readonly maxConnections?: number | undefined
  readonly maxMessages?: number | undefined
  readonly name?: string | undefined
}

/**
 * Where a config leads.
 *
 * @throws {ConfigError} if the config cannot lead to an encrypted, verified, logged-in connection.
 */
export function resolveConfig(given: MailgunConfig): ResolvedConfig {
  const config = ownSettings(given)
  checkKinds(config)
  const host = resolveHost(config)
  const { port, secure } = resolvePort(config)
  checkLogin(config, host)
  if (config.name !== undefined && !/^[!-~]+$/.test(config.name)) {
    throw new ConfigError('name must be one word of printable ASCII, such as mail.example.com.')
  }
  const loopback = isLoopback(host)
  const plaintext = config.requireTLS === false
  if (plaintext && !loopback) {
    throw new ConfigError(
      'requireTLS: false sends the password unencrypted and is allowed only for a loopback host. Remove it.',
    )
  }
  return {
    host,
    port,
    secure,
    requireTLS: !secure && !plaintext,
    ignoreTLS: plaintext,
    auth: { user: config.auth.user, pass: config.auth.pass },
    tls: resolveTls(config.tls, loopback),
    disableFileAccess: config.disableFileAccess ?? true,
    disableUrlAccess: config.disableUrlAccess ?? true,
    ...pick(config, ['pool', 'maxConnections', 'maxMessages', 'name']),
  }
}

/**
 * The config's own settings, without what a polluted prototype would add.
 *
 * @throws {ConfigError} if it is not a plain object.
 */
export function ownSettings<Config extends DeliverySettings>(config: Config): Mutable<Config> {
  if (!isPlainObject(config)) {
    throw new ConfigError(
      "The config must be a plain object, such as { auth: { user, pass }, region: 'eu' }, or a URL.",
    )
  }
  return Object.assign(Object.create(null), config) as Mutable<Config>
}

type Mutable<Config> = { -readonly [Setting in keyof Config]: Config[Setting] }

/** @throws {ConfigError} naming what is not a setting, or is of the wrong kind. */
export function checkKinds(config: MailgunConfig | DeliverySettings): void {
  for (const [setting, value] of Object.entries(config)) {
    if (!Object.hasOwn(kinds, setting)) {
      throw new ConfigError(
        `${/^\w{1,40}$/.test(setting) ? setting : 'A key'} is not a setting of the config; the settings are ${Object.keys(kinds).join(', ')}.`,
      )
    }
    if (value === undefined) continue
    const allowed = kinds[setting as keyof MailgunConfig]
    const [kind] = allowed
    if (kind === 'number' && !(Number.isSafeInteger(value) && Number(value) > 0)) {
      throw new ConfigError(`${setting} must be a whole number from 1.`)
    }
    if (!allowed.includes(typeof value as Kind) || value === null) {
      throw new ConfigError(`${setting} must be ${kind === 'object' ? 'an' : 'a'} ${kind}.`)
    }
  }
}

function resolveHost({ host, region }: MailgunConfig): string {
  if (host !== undefined && region !== undefined) {
    throw new ConfigError('Set host or region, not both: the region already names the host.')
  }
  if (host !== undefined) {
    if (!/^[a-z0-9]([a-z0-9._-]*[a-z0-9])?$|^[a-f0-9:.]*:[a-f0-9:.]*$/i.test(host)) {
      throw new ConfigError('host must be a host name or an IP address, without scheme or port.')
    }
    return host.toLowerCase()
  }
  const name = (region ?? 'us').toLowerCase()
  if (!Object.hasOwn(regions, name)) {
    throw new ConfigError(
      "region must be 'us' or 'eu': the region in which the sending domain was created.",
    )
  }
  return regions[name as Region].host
}

function resolvePort(config: MailgunConfig): Port {
  const port = config.port ?? (config.secure === true ? 465 : defaultPort)
  const known = ports[port]
  if (known) {
    if (config.secure !== undefined && config.secure !== known.secure) {
      throw new ConfigError(
        known.secure
          ? `secure: false cannot work on port ${port}, which is encrypted from the first byte; leave secure out (in a URL, write smtps).`
          : `secure: true cannot work on port ${port}, which begins with STARTTLS; leave secure out (in a URL, write smtp), or use port 465.`,
      )
    }
    return { port, secure: known.secure }
  }
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    throw new ConfigError('port must be 25, 465, 587 or 2525.')
  }
  if (config.host === undefined || config.secure === undefined) {
    throw new ConfigError(
      'Mailgun listens on ports 25, 465, 587 and 2525; another port needs host and secure.',
    )
  }
  return { port, secure: config.secure }
}

/**
 * The port of a config and those after it, each with how it begins.
 *
 * @throws {ConfigError} if one cannot be meant.
 */
export function resolvePorts(given: MailgunConfig): Port[] {
  const config = ownSettings(given)
  const first = resolvePort(config)
  const fallback: unknown = config.fallbackPorts ?? []
  if (!Array.isArray(fallback))
    throw new ConfigError('fallbackPorts must be a list, such as [2525, 465].')
  const others = fallback.map((port: number) => {
    const known = ports[port]
    const own = ownSettings({ ...config, port })
    return resolvePort(Object.assign(own, { secure: known ? undefined : config.secure }))
  })
  const all = [first, ...others]
  if (new Set(all.map(({ port }) => port)).size < all.length) {
    throw new ConfigError('fallbackPorts must name each port once, and not the first one again.')
  }
  return all
}

function checkLogin({ auth }: MailgunConfig, host: string): void {
  const { user, pass }: { user?: unknown; pass?: unknown } = auth ?? {}
  if (typeof user !== 'string' || user === '' || typeof pass !== 'string' || pass === '') {
    throw new ConfigError(
      "auth must hold user and pass: an SMTP login of the domain, from its page in Mailgun's control panel.",
    )
  }
  if (/[\r\n\0]/.test(user + pass)) {
    throw new ConfigError('auth.user and auth.pass must not hold line breaks.')
  }
  const isMailgun = Object.values(regions).some((region) => region.host === host)
  if (isMailgun && !/^[^@\s]+@[^@\s]+$/.test(user)) {
    throw new ConfigError(
      'auth.user must be a whole address of the sending domain, such as postmaster@mg.example.com.',
    )
  }
}

function resolveTls(tls: ConnectionOptions = {}, loopback: boolean): ConnectionOptions {
  if (!loopback && (tls.rejectUnauthorized === false || tls.checkServerIdentity !== undefined)) {
    throw new ConfigError(
      "The server's certificate is always verified. For a server with your own certificate authority, set tls.ca.",
    )
  }
  if (tls.minVersion === 'TLSv1' || tls.minVersion === 'TLSv1.1') {
    throw new ConfigError('tls.minVersion must be TLSv1.2 or TLSv1.3: Mailgun refuses older ones.')
  }
  // Set explicitly, so that NODE_TLS_REJECT_UNAUTHORIZED=0 does not switch it off.
  return { minVersion: 'TLSv1.2', rejectUnauthorized: true, ...tls }
}

function pick<Key extends keyof MailgunConfig>(
  config: MailgunConfig,
  keys: readonly Key[],
): Partial<Pick<MailgunConfig, Key>> {
  const picked: Partial<Pick<MailgunConfig, Key>> = {}
  for (const key of keys) if (config[key] !== undefined) picked[key] = config[key]
  return picked
}
