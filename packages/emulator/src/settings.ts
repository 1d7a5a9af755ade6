import { randomBytes } from 'node:crypto'
import { isIPv4 } from 'node:net'
import type { Login } from './smtp/authentication.ts'

/** How an emulator is set up. All of it has a default. */
export interface MailgunEmulatorOptions {
  /** A loopback address. Default: `127.0.0.1`. */
  readonly host?: string | undefined
  /** SMTP with STARTTLS, as Mailgun's 587. Default: any free port. */
  readonly port?: number | undefined
  /** SMTP with implicit TLS, as Mailgun's 465; `false` for none. Default: any free port. */
  readonly securePort?: number | false | undefined
  /** The inbox page and the JSON API; `false` for none. Default: any free port. */
  readonly httpPort?: number | false | undefined
  /** Sending domains. Default: those of the credentials, else `mg.example.com`. */
  readonly domains?: readonly string[] | undefined
  /** Logins, or `'any'`. Default: `postmaster@` the first domain, with a password made at start. */
  readonly credentials?: 'any' | readonly Login[] | undefined
  /** How much the inbox keeps; the oldest goes first. */
  readonly retention?:
    | {
        /** Submissions. Default: 1000. */
        readonly messages?: number | undefined
        /** Of source. Default: 256,000,000. */
        readonly bytes?: number | undefined
      }
    | undefined
}

/** An emulator cannot be started as asked. */
export class EmulatorError extends Error {
  override readonly name = 'EmulatorError'
  /** The option that has to change. */
  readonly option: keyof MailgunEmulatorOptions

  constructor(option: keyof MailgunEmulatorOptions, message: string) {
    super(message)
    this.option = option
  }
}

/** Options with every default in place. */
export interface Settings {
  readonly host: string
  readonly port: number
  readonly securePort: number | false
  readonly httpPort: number | false
  readonly domains: readonly [string, ...string[]]
  /** What clients are told to log in with. */
  readonly login: Login
  readonly credentials: 'any' | readonly Login[]
  readonly retention: { readonly messages: number; readonly bytes: number }
}

const names: readonly string[] = [
  'host',
  'port',
  'securePort',
  'httpPort',
  'domains',
  'credentials',
  'retention',
] satisfies (keyof MailgunEmulatorOptions)[]

/** @throws {EmulatorError} for an option that is unknown or cannot be. */
export function readSettings(options: MailgunEmulatorOptions): Settings {
  const unknown = Object.keys(options).find((name) => !names.includes(name))
  if (unknown !== undefined) {
    throw new TypeError(`The emulator has no option '${unknown}'; it has ${names.join(', ')}.`)
  }
  const { host = '127.0.0.1', port = 0, securePort = 0, httpPort = 0, retention = {} } = options
  if (!isLoopback(host)) {
    throw new EmulatorError(
      'host',
      `host '${host}' is no loopback address: the emulator listens on 127.0.0.1, ::1 or localhost only.`,
    )
  }
  checkNumber('port', port, 65_535)
  if (securePort !== false) checkNumber('securePort', securePort, 65_535)
  if (httpPort !== false) checkNumber('httpPort', httpPort, 65_535)
  const { messages = 1_000, bytes = 256_000_000 } = retention
  checkNumber('retention', messages)
  checkNumber('retention', bytes)
  const [domain, ...domains] = domainsOf(options)
  const credentials = options.credentials ?? [
    { user: `postmaster@${domain}`, pass: randomBytes(12).toString('hex') },
  ]
  const [login] =
    credentials === 'any' ? [{ user: `postmaster@${domain}`, pass: 'any-password' }] : credentials
  if (!login) {
    throw new EmulatorError(
      'credentials',
      "credentials is empty: give at least one { user, pass }, or 'any'.",
    )
  }
  return {
    host,
    port,
    securePort,
    httpPort,
    domains: [domain, ...domains],
    login,
    credentials,
    retention: { messages, bytes },
  }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'))
}

function checkNumber(
  option: keyof MailgunEmulatorOptions,
  value: number,
  most = Number.MAX_SAFE_INTEGER,
): void {
  if (!Number.isInteger(value) || value < 0 || value > most) {
    throw new EmulatorError(option, `${option} must be a whole number from 0 to ${most}.`)
  }
}

function domainsOf({
  domains,
  credentials,
}: MailgunEmulatorOptions): readonly [string, ...string[]] {
  const logins = credentials === 'any' ? [] : (credentials ?? [])
  const ofLogins = logins.map(({ user }) => user.slice(user.indexOf('@') + 1))
  const [first, ...rest] = domains ?? [...new Set(ofLogins)]
  if (first !== undefined) return [first, ...rest]
  if (domains) {
    throw new EmulatorError('domains', 'domains is empty: give at least one, or leave it out.')
  }
  return ['mg.example.com']
}
