import { checkOut, type Checkout } from './checkout.ts'
import { VirtualClock, type Clock, type Duration } from '../clock.ts'
import type { Faults } from '../faults/faults.ts'
import type { FaultPlan } from '../faults/plan.ts'
import type { Inbox } from '../inbox/inbox.ts'
import { dkimRecord, type DkimRecord } from '../dkim/dkim-key.ts'
import type { Accounts } from '../policy/accounts.ts'
import type { RateLimiter } from '../policy/rate-limiter.ts'
import { MailView, type ReceivedMail } from './received-mail.ts'
import type { Ledger, LedgerEntry, LedgerFilter } from '../records/ledger.ts'
import type { SessionRecords } from '../records/session-records.ts'
import type { SessionRecord } from '../records/transcript.ts'
import type { Settings } from '../settings/settings.ts'
import type { Login } from '../smtp/authentication.ts'
import { Access, type EmulatorTransport, type SmtpAddress } from './access.ts'

/** Mailgun's SMTP service on this machine. */
export interface MailgunEmulator extends ReceivedMail {
  readonly host: string
  /** SMTP with STARTTLS. */
  readonly port: number
  /** SMTP with implicit TLS. */
  readonly securePort: number | undefined
  /** PEM of the process's certificate authority: with it clients verify the emulator's TLS. */
  readonly ca: string
  /** `smtp://login:password@host:port`, percent-encoded. */
  readonly smtpUrl: string
  /** A login of the first domain. */
  readonly credentials: Login
  readonly transport: EmulatorTransport<false>
  readonly secureTransport: EmulatorTransport<true> | undefined
  /**
   * As `transport`, with the login of another domain.
   *
   * @throws {RangeError} if no login of that domain is known.
   */
  transportFor(domain: string): EmulatorTransport<false>
  /** The inbox page. */
  readonly httpUrl: string | undefined
  /** The time that Mailgun lives in. */
  readonly clock: EmulatorClock
  readonly faults: Faults
  /** Who got how many copies of what. */
  readonly ledger: EmulatorLedger
  /** Every conversation, oldest first, with passwords masked and without the bodies of messages. */
  readonly sessions: readonly SessionRecord[]
  /** What DNS would say of the key that signs for a domain. Default: the first domain. */
  dkim(domain?: string): DkimRecord
  /** A domain and login of one's own on this server, for tests that run at the same time. */
  checkout(): Checkout
  /** Empties the inbox, the ledger and the transcripts, removes the faults and forgets what counts towards a limit. */
  reset(): void
  /** Ends every server, connection and wait. May be called again. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** The emulator's clock, for tests to move. */
export interface EmulatorClock {
  now(): Date
  /**
   * Moves the time on, and does what falls due on the way.
   *
   * @throws {Error} unless the emulator was started with `clock: 'virtual'`.
   * @throws {RangeError} if the duration is negative or cannot be read.
   */
  advance(duration: Duration): void
}

/** What the emulator remembers of every copy, however little of the mail itself is still kept. */
export interface EmulatorLedger {
  /** Oldest first. */
  copies(filter?: LedgerFilter): readonly LedgerEntry[]
  count(filter?: LedgerFilter): number
}

/** What a running emulator consists of. */
export interface EmulatorParts {
  readonly settings: Settings
  readonly address: SmtpAddress
  readonly httpUrl: string | undefined
  readonly clock: Clock
  readonly accounts: Accounts
  readonly limiter: RateLimiter
  readonly inbox: Inbox
  readonly faults: FaultPlan
  readonly records: SessionRecords
  readonly ledger: Ledger
  readonly close: () => Promise<void>
}

export class RunningEmulator extends MailView implements MailgunEmulator {
  readonly host: string
  readonly port: number
  readonly securePort: number | undefined
  readonly ca: string
  readonly httpUrl: string | undefined
  readonly clock: EmulatorClock
  readonly #parts: EmulatorParts
  readonly #access: Access
  #closed: Promise<void> | undefined

  constructor(parts: EmulatorParts) {
    super(parts.inbox)
    const { host, port, securePort, ca } = parts.address
    this.host = host
    this.port = port
    this.securePort = securePort
    this.ca = ca
    this.httpUrl = parts.httpUrl
    this.clock = movable(parts.clock)
    this.#parts = parts
    this.#access = new Access(parts.address, parts.settings.login)
  }

  get credentials(): Login {
    return this.#access.credentials
  }

  get smtpUrl(): string {
    return this.#access.smtpUrl
  }

  get transport(): EmulatorTransport<false> {
    return this.#access.transport
  }

  get secureTransport(): EmulatorTransport<true> | undefined {
    return this.#access.secureTransport
  }

  transportFor(domain: string): EmulatorTransport<false> {
    const { loginOf } = this.#parts.settings
    const login = loginOf.get(domain.toLowerCase())
    if (login) return new Access(this.#parts.address, login).transport
    const known = [...loginOf.keys()].join(', ') || 'no domain'
    throw new RangeError(`No login of ${domain} is known; there is one of ${known}.`)
  }

  get faults(): Faults {
    return this.#parts.faults
  }

  get ledger(): EmulatorLedger {
    return this.#parts.ledger
  }

  get sessions(): readonly SessionRecord[] {
    return this.#parts.records.list()
  }

  dkim(domain: string = this.#parts.settings.domains[0].name): DkimRecord {
    return dkimRecord(domain)
  }

  checkout(): Checkout {
    const { rate } = this.#parts.settings
    return checkOut({ ...this.#parts, rate })
  }

  reset(): void {
    const { inbox, ledger, records, faults, limiter } = this.#parts
    for (const part of [ledger, records, faults, limiter]) part.clear()
    inbox.reset()
  }

  close(): Promise<void> {
    this.#closed ??= this.#parts.close()
    return this.#closed
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}

function movable(clock: Clock): EmulatorClock {
  return {
    now: () => clock.now(),
    advance: (duration) => {
      if (clock instanceof VirtualClock) return clock.advance(duration)
      throw new Error("The emulator runs on real time: start it with clock: 'virtual' to move it.")
    },
  }
}
