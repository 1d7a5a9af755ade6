import { randomBytes } from 'node:crypto'
import { parseArgs } from 'node:util'
import type { MailgunEmulatorOptions } from '../settings/settings.ts'

/** What the command is asked to do. */
export type CommandLine =
  | { readonly show: 'help' | 'version' }
  | { readonly refuse: string }
  | {
      readonly start: MailgunEmulatorOptions
      /** Print one line of JSON in place of text. */
      readonly json: boolean
      /** A file to write the certificate authority to. */
      readonly caFile: string | undefined
    }
  | {
      readonly start: MailgunEmulatorOptions
      /** A command to run beside the emulator, with its arguments. */
      readonly exec: readonly [string, ...string[]]
    }

export const help = `mailgun-emulator: Mailgun's SMTP service on this machine, with an inbox. No mail leaves it.

  npx @mailgun-smtp/emulator [flags]
  npx @mailgun-smtp/emulator exec [flags] -- COMMAND      runs a command that sends to an emulator of its own

Where
  --port 2525           SMTP with STARTTLS
  --secure-port 4465    SMTP with implicit TLS
  --http-port 8025      the inbox page and its JSON API
  --host 127.0.0.1      the address to listen on
  --allow-remote        listen where other machines reach it; the inbox has no login
  --name HOST           a host name by which it is reached, as in a compose file; may be repeated

Who sends, and what Mailgun says to it
  --domain NAME         a sending domain; may be repeated    (mg.example.com)
  --user LOGIN          the SMTP login                       (postmaster@ the first domain)
  --pass PASSWORD       its password                         (made at start)
  --no-login            also accept mail without a login
  --lenient             accept any login and any domain
  --sandbox ADDRESS     make the first domain a sandbox that sends to this address only; may be repeated
  --diagnostics reject  refuse a message that Mailgun may not treat as meant

What it keeps
  --keep 1000           how many messages stay in the inbox; the oldest go first
  --dir FOLDER          keep the mail there, as .eml files, from one start to the next
  --virtual-clock       stop Mailgun's time; only the API moves it

  --ca FILE             write the certificate authority to this file, for NODE_EXTRA_CA_CERTS=FILE
  --json                print the addresses as one line of JSON
  --force               start although NODE_ENV is production
  --help, --version

A port of 0 is any free one, which is what exec takes.
`

const flags = {
  port: { type: 'string' },
  'secure-port': { type: 'string' },
  'http-port': { type: 'string' },
  host: { type: 'string' },
  name: { type: 'string', multiple: true },
  'allow-remote': { type: 'boolean', default: false },
  domain: { type: 'string', multiple: true },
  user: { type: 'string' },
  pass: { type: 'string' },
  'no-login': { type: 'boolean', default: false },
  lenient: { type: 'boolean', default: false },
  sandbox: { type: 'string', multiple: true },
  diagnostics: { type: 'string' },
  dir: { type: 'string' },
  keep: { type: 'string' },
  'virtual-clock': { type: 'boolean', default: false },
  ca: { type: 'string' },
  json: { type: 'boolean', default: false },
  force: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
  version: { type: 'boolean', default: false },
} as const

type Values = ReturnType<typeof parseArgs<{ options: typeof flags }>>['values']

/** The flag that sets an option of the emulator. */
export const flagOf: Readonly<Partial<Record<keyof MailgunEmulatorOptions, string>>> = {
  port: '--port',
  securePort: '--secure-port',
  httpPort: '--http-port',
  host: '--host',
  names: '--name',
  credentials: '--user',
  domains: '--domain',
  retention: '--dir',
}

const ports = { port: 2525, 'secure-port': 4465, 'http-port': 8025 } as const

export function readCommandLine(
  args: readonly string[],
  environment: { readonly NODE_ENV?: string | undefined },
): CommandLine {
  if (args[0] !== 'exec') return readFlags(args, environment, ports, undefined)
  const end = args.indexOf('--')
  const free = { port: 0, 'secure-port': 0, 'http-port': 0 }
  if (end === -1) return readFlags(args.slice(1), environment, free, [])
  return readFlags(args.slice(1, end), environment, free, args.slice(end + 1))
}

function readFlags(
  args: readonly string[],
  environment: { readonly NODE_ENV?: string | undefined },
  defaultPorts: Readonly<Record<keyof typeof ports, number>>,
  command: readonly string[] | undefined,
): CommandLine {
  const unknown = unknownFlag(args)
  if (unknown !== undefined) return { refuse: `There is no ${unknown}: see --help.` }
  let values: Values
  try {
    values = parseArgs({ args: [...args], options: flags }).values
  } catch (error) {
    // What is left is a flag without its value, or a value where none belongs.
    const [sentence = ''] = (error as Error).message.split('\n')
    return { refuse: sentence }
  }
  if (values.help) return { show: 'help' }
  if (values.version) return { show: 'version' }
  if (environment.NODE_ENV === 'production' && !values.force) {
    return {
      refuse:
        'NODE_ENV is production, where mail should be sent and not stay here. Use --force to start nevertheless.',
    }
  }
  for (const flag of ['port', 'secure-port', 'http-port'] as const) {
    const port = values[flag]
    if (port !== undefined && (!/^\d{1,5}$/.test(port) || Number(port) > 65_535)) {
      return { refuse: `--${flag} takes a port, 0 to 65535.` }
    }
  }
  const { diagnostics, ca, json, keep } = values
  if (keep !== undefined && !/^\d{1,9}$/.test(keep)) {
    return { refuse: '--keep takes a number of messages.' }
  }
  if (!isDiagnostics(diagnostics)) return { refuse: '--diagnostics takes record or reject.' }
  const port = (flag: keyof typeof ports): number => Number(values[flag] ?? defaultPorts[flag])
  const start: MailgunEmulatorOptions = {
    host: values.host,
    allowRemote: values['allow-remote'],
    allowProduction: values.force,
    port: port('port'),
    securePort: port('secure-port'),
    httpPort: port('http-port'),
    ...sendersOf(values),
    mode: values.lenient ? 'lenient' : 'strict',
    names: values.name,
    diagnostics,
    clock: values['virtual-clock'] ? 'virtual' : 'real',
    retention: { directory: values.dir, messages: keep === undefined ? undefined : Number(keep) },
  }
  if (!command) return { start, json, caFile: ca }
  const [program, ...rest] = command
  if (program === undefined) return { refuse: 'exec takes a command after --: see --help.' }
  if (ca !== undefined || json) {
    return { refuse: 'exec tells its command by variables, not by --ca and --json.' }
  }
  return { start, exec: [program, ...rest] }
}

// Of no real account: a sandbox's name tells Mailgun what it is.
const sandboxName = `sandbox${'0'.repeat(32)}.mailgun.org`

function sendersOf(values: Values): Pick<MailgunEmulatorOptions, 'domains' | 'credentials'> {
  const { sandbox: authorizedRecipients, pass } = values
  const [name = authorizedRecipients ? sandboxName : 'mg.example.com', ...others] =
    values.domain ?? []
  const user = values.user ?? `postmaster@${name}`
  // A login of another domain brings it along.
  const isOwn = values.domain !== undefined || authorizedRecipients !== undefined
  const domains = [authorizedRecipients ? { name, authorizedRecipients } : name, ...others]
  return {
    domains: isOwn || values.user === undefined ? domains : undefined,
    credentials: values['no-login']
      ? 'none'
      : [{ user, pass: pass ?? randomBytes(12).toString('hex') }],
  }
}

function isDiagnostics(word: string | undefined): word is 'record' | 'reject' | undefined {
  return word === undefined || word === 'record' || word === 'reject'
}

function unknownFlag(args: readonly string[]): string | undefined {
  const { tokens } = parseArgs({ args: [...args], options: flags, strict: false, tokens: true })
  for (const token of tokens) {
    if (token.kind === 'positional') return `argument '${token.value}'`
    if (token.kind === 'option' && !Object.hasOwn(flags, token.name)) return `flag ${token.rawName}`
  }
  return undefined
}
