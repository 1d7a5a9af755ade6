import { isIP, isIPv4 } from 'node:net'
import {
  checkList,
  checkNames,
  checkNumber,
  checkObject,
  oneOf,
  readRate,
  type OptionName,
} from './option-checks.ts'
import type { Engagement } from '../mail/schedule.ts'
import { readDomain } from '../policy/domains.ts'
import { readDomainOptions } from './read-domains.ts'
import { readCredentials } from './read-logins.ts'
import { readMx } from './read-mx.ts'
import {
  EmulatorError,
  type EmulatorLimits,
  type MailgunEmulatorOptions,
  type Settings,
} from './settings.ts'
import { mailgunLimits } from '../smtp/limits.ts'

// The compiler sees to it that no list lacks a name, or has one too many.
const names: Readonly<Record<OptionName, true>> = {
  host: true,
  port: true,
  securePort: true,
  httpPort: true,
  names: true,
  allowRemote: true,
  allowProduction: true,
  domains: true,
  credentials: true,
  mode: true,
  personality: true,
  diagnostics: true,
  clock: true,
  seed: true,
  limits: true,
  engagement: true,
  mx: true,
  retention: true,
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
const engagementNames: Readonly<Record<keyof Engagement, true>> = { timeZone: true, hour: true }
const retentionNames: Readonly<Record<keyof Settings['retention'], true>> = {
  messages: true,
  bytes: true,
  directory: true,
}

type ObjectOption = 'limits' | 'engagement' | 'mx' | 'retention'

/** What an option that is an object looks like. */
const objects: Readonly<Record<ObjectOption, string>> = {
  limits: '{ perHour: 100 }',
  engagement: "{ 'ada@example.com': { timeZone: 'Europe/London' } }",
  mx: "{ 'old.test': { tls: false } }",
  retention: '{ messages: 10_000 }',
}

/** @throws {EmulatorError} for an option that cannot be; {@link TypeError} for one that is unknown. */
export function readSettings(options: MailgunEmulatorOptions): Settings {
  checkNames(options, names, 'The emulator has no option')
  checkPlace(options)
  for (const [option, example] of Object.entries(objects) as [ObjectOption, string][]) {
    if (options[option] !== undefined) checkObject(option, option, options[option], example)
  }
  const { port = 0, securePort = 0, httpPort = 0, seed = 1 } = options
  checkNumber('port', port, 65_535)
  if (securePort !== false) checkNumber('securePort', securePort, 65_535)
  if (httpPort !== false) checkNumber('httpPort', httpPort, 65_535)
  checkNumber('seed', seed)
  const rate = readRate('limits', options.limits ?? {})
  const domainOptions = readDomainOptions(options)
  const [first, ...others] = domainOptions
  return {
    host: readHost(options),
    names: readNames(options.names ?? []),
    port,
    securePort,
    httpPort,
    seed,
    domains: [readDomain(first, rate), ...others.map((domain) => readDomain(domain, rate))],
    ...readCredentials(options, domainOptions),
    mode: readMode(options),
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
  for (const [address, engagement] of Object.entries(known)) {
    const example = "{ timeZone: 'Europe/London', hour: 8 }"
    checkObject('engagement', `engagement: ${address}`, engagement, example)
    checkNames(engagement, engagementNames, 'A recipient of engagement has no option')
    const { timeZone, hour } = engagement
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

function checkPlace({ allowProduction = false }: MailgunEmulatorOptions): void {
  if (allowProduction || process.env['NODE_ENV'] !== 'production') return
  throw new EmulatorError(
    'allowProduction',
    'NODE_ENV is production, where mail should be sent and not stay here. Set allowProduction: true to start the emulator nevertheless.',
  )
}

function readHost({ host = '127.0.0.1', allowRemote = false }: MailgunEmulatorOptions): string {
  if (allowRemote || isLoopback(host)) return host
  throw new EmulatorError(
    'host',
    `host '${host}' is not a loopback address. The emulator listens on 127.0.0.1, ::1 or localhost, unless remote clients are allowed.`,
  )
}

function readMode({ mode, personality }: MailgunEmulatorOptions): Settings['mode'] {
  const option = mode === undefined && personality !== undefined ? 'personality' : 'mode'
  return oneOf(option, mode ?? personality, ['strict', 'lenient'])
}

/** @throws {EmulatorError} for what a certificate cannot name. */
function readNames(names: readonly string[]): readonly string[] {
  checkList('names', 'names', names, "['mailgun', 'mail.myapp.test']")
  return names.map((name: unknown) => {
    const isName = typeof name === 'string' && (isIP(name) !== 0 || hostName.test(name))
    if (isName) return name.toLowerCase()
    throw new EmulatorError(
      'names',
      `names: '${String(name)}' is not a host name; give names such as 'mailgun' or 'mail.myapp.test'.`,
    )
  })
}

const hostName = /^(?=.{1,253}$)[a-z\d_](?:[a-z\d_-]{0,62})(?:\.[a-z\d_](?:[a-z\d_-]{0,62}))*$/i

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'))
}

function readLimits(
  limits: EmulatorLimits,
): Pick<Settings, 'perLogin' | 'perConnection' | 'limits'> {
  checkNames(limits, limitNames, 'limits has no option')
  for (const rate of ['perLogin', 'perConnection'] as const) {
    if (limits[rate] !== undefined)
      checkObject('limits', `limits: ${rate}`, limits[rate], '{ perSecond: 5 }')
  }
  const { connections, messageBytes, recipients } = { ...mailgunLimits, ...defined(limits) }
  for (const limit of [connections, messageBytes, recipients]) checkNumber('limits', limit)
  return {
    perLogin: readRate('limits', limits.perLogin ?? {}),
    perConnection: readRate('limits', limits.perConnection ?? {}),
    limits: { ...mailgunLimits, connections, messageBytes, recipients },
  }
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
