import type { DomainSending } from '../mail/domain-sending.ts'
import type { MxOptions } from '../mail/last-hop.ts'
import type { Engagement } from '../mail/schedule.ts'
import type { DomainTracking } from '../tracking/tracking.ts'
import type { Credentials } from '../policy/accounts.ts'
import type { Domain, DomainOptions } from '../policy/domains.ts'
import type { Rate } from '../policy/rate-limiter.ts'
import type { Login } from '../smtp/authentication.ts'
import type { ServerLimits } from '../smtp/limits.ts'

/** How an emulator is set up. All of it has a default. */
export interface MailgunEmulatorOptions {
  /** A loopback address, or any with `allowRemote`. Default: `127.0.0.1`. */
  readonly host?: string | undefined
  /**
   * Listen where other machines reach it. The inbox has no login: whoever reaches it reads all mail. Default: false.
   */
  readonly allowRemote?: boolean | undefined
  /** Start although `NODE_ENV` is `production`, where mail should go out and not stay here. Default: false. */
  readonly allowProduction?: boolean | undefined
  /** SMTP with STARTTLS, as Mailgun's 587. Default: any free port. */
  readonly port?: number | undefined
  /** SMTP with implicit TLS, as Mailgun's 465; `false` for none. Default: any free port. */
  readonly securePort?: number | false | undefined
  /** The inbox page and the JSON API; `false` for none. Default: any free port. */
  readonly httpPort?: number | false | undefined
  /** Sending domains. Default: those of the credentials, else `mg.example.com`. */
  readonly domains?: readonly (string | DomainOptions)[] | undefined
  /**
   * Logins beside those of the domains; `'any'` takes whatever is given, `'none'` needs none at all.
   * Default: `postmaster@` the first domain, with a password made at start.
   */
  readonly credentials?: Credentials | undefined
  /**
   * `'lenient'` takes any login and any domain, and refuses nothing for what a domain is; `limits` count all the same.
   * Default: `'strict'`, as Mailgun.
   */
  readonly personality?: 'strict' | 'lenient' | undefined
  /** `'reject'` answers 554 to a message that has a diagnostic. Default: `'record'`. */
  readonly diagnostics?: 'record' | 'reject' | undefined
  /** `'virtual'` stands still until `clock.advance` moves it. Default: `'real'`. */
  readonly clock?: 'real' | 'virtual' | undefined
  /** Makes what happens by chance happen again. Default: 1. */
  readonly seed?: number | undefined
  readonly limits?: EmulatorLimits | undefined
  /** What Mailgun has learnt of recipients, by address. */
  readonly engagement?: Readonly<Record<string, Engagement>> | undefined
  /** Recipients' mail servers, by domain. Default: they offer TLS with a valid certificate. */
  readonly mx?: Readonly<Record<string, MxOptions>> | undefined
  /** How much the inbox keeps; the oldest goes first. */
  readonly retention?:
    | {
        /** Submissions. Default: 1000. */
        readonly messages?: number | undefined
        /** Of source. Default: 256,000,000. */
        readonly bytes?: number | undefined
        /** A folder to keep the mail in, as `.eml` files, from one start to the next. */
        readonly directory?: string | undefined
      }
    | undefined
}

/** What is too much: recipients in a time, for each domain, login and connection, and the sizes of things. */
export interface EmulatorLimits extends Rate {
  readonly perLogin?: Rate | undefined
  readonly perConnection?: Rate | undefined
  /** At the same time. Default: 1000. */
  readonly connections?: number | undefined
  /** Of one message. Default: 52,428,800, as Mailgun's EHLO says. */
  readonly messageBytes?: number | undefined
  /** Of one message. Default: 1000. */
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
  readonly port: number
  readonly securePort: number | false
  readonly httpPort: number | false
  readonly domains: readonly [Domain, ...Domain[]]
  /** What clients are told to log in with. */
  readonly login: Login
  readonly credentials: Credentials
  readonly personality: 'strict' | 'lenient'
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
