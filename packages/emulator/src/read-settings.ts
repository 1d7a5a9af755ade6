import { randomBytes } from 'node:crypto'
import { isIPv4 } from 'node:net'
import type { DomainSending } from './mail/domain-sending.ts'
import { checkFlag, checkNames, checkNumber, oneOf, type OptionName } from './option-checks.ts'
import { domainPart, domainStates, readDomain, type DomainOptions } from './policy/domains.ts'
import type { Rate } from './policy/rate-limiter.ts'
import { readMx } from './read-mx.ts'
import {
  EmulatorError,
  type EmulatorLimits,
  type MailgunEmulatorOptions,
  type Settings,
} from './settings.ts'
import type { Login } from './smtp/authentication.ts'
import { mailgunLimits } from './smtp/limits.ts'

// The compiler sees to it that no list lacks a name, or has one too many.
const names: Readonly<Record<OptionName, true>> = {
  host: true,
  port: true,
  securePort: true,
  httpPort: true,
  allowRemote: true,
  domains: true,
  credentials: true,
  personality: true,
  diagnostics: true,
  clock: true,
  seed: true,
  limits: true,
  engagement: true,
  mx: true,
  retention: true,
}
const sendingNames: Readonly<Record<keyof DomainSending, true>> = {
  dkim: true,
  requireTls: true,
  skipVerification: true,
}
const domainNames: Readonly<Record<keyof DomainOptions, true>> = {
  name: true,
  state: true,
  authorizedRecipients: true,
  credentials: true,
  limits: true,
  tracking: true,
  ...sendingNames,
}
const limitNames: Readonly<Record<keyof EmulatorLimits, true>> = {
  perSecond: true,
  perHour: true,
  perLogin: true,
  perConnection: true,
  connections: true,
  messageBytes: true,
  recipients: true,
}
const retentionNames: Readonly<Record<keyof Settings['retention'], true>> = {
  messages: true,
  bytes: true,
  directory: true,
}

/** @throws {EmulatorError} for an option that cannot be; {@link TypeError} for one that is unknown. */
export function readSettings(options: MailgunEmulatorOptions): Settings {
  checkNames(options, names, 'The emulator has no option')
  const { port = 0, securePort = 0, httpPort = 0, seed = 1 } = options
  checkNumber('port', port, 65_535)
  if (securePort !== false) checkNumber('securePort', securePort, 65_535)
  if (httpPort !== false) checkNumber('httpPort', httpPort, 65_535)
  checkNumber('seed', seed)
  const rate = readRate('limits', options.limits ?? {})
  const domainOptions = readDomainOptions(options)
  return {
    host: readHost(options),
    port,
    securePort,
    httpPort,
    seed,
    domains: mapAll(domainOptions, (domain) => readDomain(domain, rate)),
    ...readCredentials(options, domainOptions),
    personality: oneOf('personality', options.personality, ['strict', 'lenient']),
    diagnostics: oneOf('diagnostics', options.diagnostics, ['record', 'reject']),
    clock: oneOf('clock', options.clock, ['real', 'virtual']),
    rate,
    ...readLimits(options.limits ?? {}),
    tracking: new Map(
      domainOptions.flatMap(({ name, tracking }) =>
        tracking ? [[name.toLowerCase(), tracking] as const] : [],
      ),
    ),
    sending: new Map(domainOptions.map((domain) => [domain.name.toLowerCase(), domain])),
    engagement: readEngagement(options.engagement ?? {}),
    mx: readMx(options.mx ?? {}),
    retention: readRetention(options.retention ?? {}),
  }
}

function readEngagement(
  known: NonNullable<MailgunEmulatorOptions['engagement']>,
): Settings['engagement'] {
  for (const [address, { timeZone, hour }] of Object.entries(known)) {
    if (hour !== undefined) checkNumber('engagement', hour, 23)
    if (timeZone !== undefined && !isTimeZone(timeZone)) {
      throw new EmulatorError(
        'engagement',
        `engagement: the time zone of ${address} is '${timeZone}'; it takes a name such as Europe/Berlin.`,
      )
    }
  }
  return new Map(
    Object.entries(known).map(([address, engagement]) => [address.toLowerCase(), engagement]),
  )
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

function readHost({ host = '127.0.0.1', allowRemote = false }: MailgunEmulatorOptions): string {
  if (allowRemote || isLoopback(host)) return host
  throw new EmulatorError(
    'host',
    `host '${host}' is no loopback address: the emulator listens on 127.0.0.1, ::1 or localhost only, unless remote clients are allowed.`,
  )
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'))
}

function readDomainOptions({
  domains,
  credentials,
}: MailgunEmulatorOptions): readonly [DomainOptions, ...DomainOptions[]] {
  const ofLogins = Array.isArray(credentials) ? credentials.map(({ user }) => domainPart(user)) : []
  const [first, ...rest] = domains ?? new Set<string>(ofLogins)
  if (first === undefined && domains) {
    throw new EmulatorError('domains', 'domains is empty: give at least one, or leave it out.')
  }
  const known = mapAll([first ?? 'mg.example.com', ...rest], (domain) =>
    typeof domain === 'string' ? { name: domain } : domain,
  )
  for (const domain of known) checkDomain(domain)
  return known
}

function checkDomain(domain: DomainOptions): void {
  checkNames(domain, domainNames, 'A domain has no option')
  const { name, state, limits, credentials } = domain
  if (state !== undefined && !domainStates.includes(state)) {
    throw new EmulatorError(
      'domains',
      `domains: the state of ${name} is '${state}'; it can be ${domainStates.join(', ')}.`,
    )
  }
  readRate('domains', limits ?? {})
  for (const flag of Object.keys(sendingNames) as (keyof DomainSending)[]) {
    checkFlag('domains', `${flag} of ${name}`, domain[flag])
  }
  const foreign = credentials?.find(({ user }) => domainPart(user) !== name.toLowerCase())
  if (foreign) {
    throw new EmulatorError(
      'domains',
      `domains: the login '${foreign.user}' is not of ${name}; Mailgun's logins are login@domain.`,
    )
  }
}

function readCredentials(
  options: MailgunEmulatorOptions,
  domains: readonly [DomainOptions, ...DomainOptions[]],
): Pick<Settings, 'credentials' | 'login'> {
  const { credentials } = options
  const own = domains.flatMap((domain) => domain.credentials ?? [])
  const postmaster = `postmaster@${domains[0].name}`
  if (credentials === 'any' || credentials === 'none') {
    return { credentials, login: own[0] ?? { user: postmaster, pass: 'any-password' } }
  }
  if (typeof credentials === 'string') {
    throw new EmulatorError('credentials', "credentials is 'any', 'none' or a list of logins.")
  }
  if (credentials) checkLogins(credentials, domains)
  const given = [...(credentials ?? []), ...own]
  const [login] = given
  if (login) return { credentials: given, login }
  if (credentials) {
    throw new EmulatorError(
      'credentials',
      "credentials is empty: give at least one { user, pass }, or 'any' or 'none'.",
    )
  }
  const made = { user: postmaster, pass: randomBytes(12).toString('hex') }
  return { credentials: [made], login: made }
}

/** Mailgun's logins belong to a domain of the account. */
function checkLogins(logins: readonly Login[], domains: readonly DomainOptions[]): void {
  const foreign = logins.find(({ user }) =>
    domains.every(({ name }) => name.toLowerCase() !== domainPart(user)),
  )
  if (!foreign) return
  throw new EmulatorError(
    'credentials',
    `credentials: the login '${foreign.user}' is of none of the domains; add ${domainPart(foreign.user)} to them.`,
  )
}

function readLimits(
  limits: EmulatorLimits,
): Pick<Settings, 'perLogin' | 'perConnection' | 'limits'> {
  checkNames(limits, limitNames, 'limits has no option')
  const { connections, messageBytes, recipients } = { ...mailgunLimits, ...defined(limits) }
  for (const limit of [connections, messageBytes, recipients]) checkNumber('limits', limit)
  return {
    perLogin: readRate('limits', limits.perLogin ?? {}),
    perConnection: readRate('limits', limits.perConnection ?? {}),
    limits: { ...mailgunLimits, connections, messageBytes, recipients },
  }
}

function readRate(option: OptionName, { perSecond, perHour }: Rate): Rate {
  for (const limit of [perSecond, perHour]) {
    if (limit !== undefined) checkNumber(option, limit)
  }
  return { perSecond, perHour }
}

function readRetention(
  retention: NonNullable<MailgunEmulatorOptions['retention']>,
): Settings['retention'] {
  checkNames(retention, retentionNames, 'retention has no option')
  const { messages = 1_000, bytes = 256_000_000, directory } = retention
  checkNumber('retention', messages)
  checkNumber('retention', bytes)
  return { messages, bytes, directory }
}

/** The entries that have a value, so that an undefined one does not hide a default. */
function defined<Entries extends object>(
  entries: Entries,
): {
  [Name in keyof Entries]?: NonNullable<Entries[Name]>
} {
  return Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined)) as {
    [Name in keyof Entries]?: NonNullable<Entries[Name]>
  }
}

function mapAll<From, To>(
  [first, ...rest]: readonly [From, ...From[]],
  to: (item: From) => To,
): readonly [To, ...To[]] {
  return [to(first), ...rest.map(to)]
}
