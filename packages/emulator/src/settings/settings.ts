import type { DomainSending } from '../mail/domain-sending.ts'
import type { MxOptions } from '../mail/last-hop.ts'
import type { Engagement } from '../mail/schedule.ts'
import type { DomainTracking } from '../tracking/tracking.ts'
import type { Credentials } from '../policy/accounts.ts'
import type { Domain, DomainOptions } from '../policy/domains.ts'
import type { Rate } from '../policy/rate-limiter.ts'
import type { Login } from '../smtp/authentication.ts'
import type { ServerLimits } from '../smtp/limits.ts'

/** Options of an emulator. All of them have a default. */
export interface MailgunEmulatorOptions {
  /** The address to listen on: a loopback address, or any address with `allowRemote`. Default: `'127.0.0.1'`. */
  readonly host?: string | undefined
  /**
   * Whether to listen where other machines can connect. The inbox has no login, so every machine that can connect can read
   * all mail. Default: `false`.
   */
  readonly allowRemote?: boolean | undefined
  /**
   * Host names under which clients reach it, such as `mailgun` in a compose file or `mail.myapp.test` behind a proxy. Its
   * certificate is valid for them, and the inbox answers under them. Default: none.
   */
  readonly names?: readonly string[] | undefined
  /** Whether to start although `NODE_ENV` is `production`. There, mail should go out and not stay in the emulator. Default: `false`. */
  readonly allowProduction?: boolean | undefined
  /** The port for SMTP with STARTTLS, like Mailgun's 587. Default: any free port. */
  readonly port?: number | undefined
  /** The port for SMTP with implicit TLS, like Mailgun's 465. `false` turns it off. Default: any free port. */
  readonly securePort?: number | false | undefined
  /** The port for the inbox page and the JSON API. `false` turns them off. Default: any free port. */
  readonly httpPort?: number | false | undefined
  /** The sending domains: names, or objects with settings. Default: the domains of `credentials`, otherwise `mg.example.com`. */
  readonly domains?: readonly (string | DomainOptions)[] | undefined
  /**
   * Logins in addition to those of the domains. `'any'` accepts any login, `'none'` requires none. Default: `postmaster@`
   * each domain that has no login of its own, with a password that is created at start.
   */
  readonly credentials?: Credentials | undefined
  /**
   * `'lenient'` accepts any login and any domain and ignores the state of a domain. `limits` still apply. Default:
   * `'strict'`, like Mailgun.
   */
  readonly mode?: 'strict' | 'lenient' | undefined
  /**
   * The former name of `mode`. Default: that of `mode`.
   *
   * @deprecated Use `mode`.
   */
  readonly personality?: 'strict' | 'lenient' | undefined
  /** `'reject'` refuses a message that has a diagnostic, with the reply 554. `'record'` only shows the diagnostic. Default: `'record'`. */
  readonly diagnostics?: 'record' | 'reject' | undefined
  /** `'virtual'` stops the clock; only `clock.advance` moves it. Default: `'real'`. */
  readonly clock?: 'real' | 'virtual' | undefined
  /** The seed for faults at random, so that a test can be repeated. Default: 1. */
  readonly seed?: number | undefined
  /** Limits of rates and sizes. Default: no rate limits, and Mailgun's sizes. */
  readonly limits?: EmulatorLimits | undefined
  /** What Mailgun has learnt about recipients, by address. Default: nothing. */
  readonly engagement?: Readonly<Record<string, Engagement>> | undefined
  /** Recipients' mail servers, by domain. Default: they offer TLS with a valid certificate. */
  readonly mx?: Readonly<Record<string, MxOptions>> | undefined
  /** How much the inbox keeps. It removes the oldest mail first. */
  readonly retention?:
    | {
        /** How many submissions are kept. Default: 1,000. */
        readonly messages?: number | undefined
        /** How large the sources of all kept submissions can be, in bytes. Default: 256,000,000. */
        readonly bytes?: number | undefined
        /** A folder that keeps the mail as `.eml` files, also after a restart. Default: none, only memory. */
        readonly directory?: string | undefined
      }
    | undefined
}

/** Limits: recipients in a time, for each domain, login and connection, and sizes. */
export interface EmulatorLimits extends Rate {
  /** Recipients in a time, for each login. Default: no limit. */
  readonly perLogin?: Rate | undefined
  /** Recipients in a time, for each connection. Default: no limit. */
  readonly perConnection?: Rate | undefined
  /** How many connections can be open at the same time. Default: 1,000. */
  readonly connections?: number | undefined
  /** How large one message can be, in bytes. Default: 52,428,800, as in Mailgun's reply to EHLO. */
  readonly messageBytes?: number | undefined
  /** How many recipients one message can have. Default: 1,000. */
  readonly recipients?: number | undefined
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
  /** In lower case. */
  readonly names: readonly string[]
  readonly port: number
  readonly securePort: number | false
  readonly httpPort: number | false
  readonly domains: readonly [Domain, ...Domain[]]
  /** What clients are told to log in with: a login of the first domain. */
  readonly login: Login
  /** One for each domain that has any, by its name in lower case. */
  readonly loginOf: ReadonlyMap<string, Login>
  readonly credentials: Credentials
  readonly mode: 'strict' | 'lenient'
  readonly diagnostics: 'record' | 'reject'
  readonly clock: 'real' | 'virtual'
  readonly seed: number
  /** Of a domain without its own. */
  readonly rate: Rate
  readonly perLogin: Rate
  readonly perConnection: Rate
  readonly limits: ServerLimits
  /** By domain, in lower case. */
  readonly tracking: ReadonlyMap<string, DomainTracking>
  /** By domain, in lower case. */
  readonly sending: ReadonlyMap<string, DomainSending>
  /** By address, in lower case. */
  readonly engagement: ReadonlyMap<string, Engagement>
  /** By recipients' domain, in lower case. */
  readonly mx: ReadonlyMap<string, MxOptions>
  readonly retention: {
    readonly messages: number
    readonly bytes: number
    readonly directory?: string | undefined
  }
}
