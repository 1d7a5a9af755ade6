import { randomBytes } from 'node:crypto'
import { parseArgs } from 'node:util'
import type { MailgunEmulatorOptions } from './settings.ts'

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

export const help = `mailgun-emulator: Mailgun's SMTP service on this machine, with an inbox. No mail leaves it.

  --port 2525           SMTP with STARTTLS
  --secure-port 4465    SMTP with implicit TLS
  --http-port 8025      the inbox page and its JSON API
  --domain NAME         a sending domain; may be repeated    (mg.example.com)
  --user LOGIN          the SMTP login                       (postmaster@ the first domain)
  --pass PASSWORD       its password                         (made at start)
  --ca FILE             write the certificate authority here: NODE_EXTRA_CA_CERTS=FILE
  --json                print the addresses as one line of JSON
  --force               start although NODE_ENV is production
  --help, --version

A port of 0 is any free one.
`

const flags = {
  port: { type: 'string', default: '2525' },
  'secure-port': { type: 'string', default: '4465' },
  'http-port': { type: 'string', default: '8025' },
  domain: { type: 'string', multiple: true },
  user: { type: 'string' },
  pass: { type: 'string' },
  ca: { type: 'string' },
  json: { type: 'boolean', default: false },
  force: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
  version: { type: 'boolean', default: false },
} as const

/** The flag that sets an option of the emulator. */
export const flagOf: Readonly<Partial<Record<keyof MailgunEmulatorOptions, string>>> = {
  port: '--port',
  securePort: '--secure-port',
  httpPort: '--http-port',
}

export function readCommandLine(
  args: readonly string[],
  environment: { readonly NODE_ENV?: string | undefined },
): CommandLine {
  const unknown = unknownFlag(args)
  if (unknown !== undefined) return { refuse: `There is no ${unknown}: see --help.` }
  let values
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
      refuse: 'NODE_ENV is production, where mail should go out and not stay here: --force starts.',
    }
  }
  for (const flag of ['port', 'secure-port', 'http-port'] as const) {
    if (!/^\d{1,5}$/.test(values[flag]) || Number(values[flag]) > 65_535) {
      return { refuse: `--${flag} takes a port, 0 to 65535.` }
    }
  }
  const domains = values.domain
  const { user = `postmaster@${domains?.[0] ?? 'mg.example.com'}`, pass } = values
  return {
    start: {
      port: Number(values.port),
      securePort: Number(values['secure-port']),
      httpPort: Number(values['http-port']),
      domains,
      credentials: [{ user, pass: pass ?? randomBytes(12).toString('hex') }],
    },
    json: values.json,
    caFile: values.ca,
  }
}

function unknownFlag(args: readonly string[]): string | undefined {
  const { tokens } = parseArgs({ args: [...args], options: flags, strict: false, tokens: true })
  for (const token of tokens) {
    if (token.kind === 'positional') return `argument '${token.value}'`
    if (token.kind === 'option' && !Object.hasOwn(flags, token.name)) return `flag ${token.rawName}`
  }
  return undefined
}
