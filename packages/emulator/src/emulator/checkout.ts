import { randomBytes } from 'node:crypto'
import type { FaultPlan } from '../faults/plan.ts'
import type { Faults } from '../faults/faults.ts'
import type { Inbox } from '../inbox/inbox.ts'
import type { Mailbox } from '../inbox/mailbox.ts'
import type { Accounts } from '../policy/accounts.ts'
import { domainPart, readDomain } from '../policy/domains.ts'
import type { Rate } from '../policy/rate-limiter.ts'
import { MailView, type ReceivedMail } from './received-mail.ts'
import type { Login } from '../smtp/authentication.ts'
import { Access, type EmulatorTransport, type SmtpAddress } from './access.ts'

/** A domain of one's own on a server that others use too: its login, its mail, its faults. */
export interface Checkout extends ReceivedMail {
  readonly domain: string
  readonly credentials: Login
  /** `smtp://login:password@host:port`, percent-encoded. */
  readonly smtpUrl: string
  readonly transport: EmulatorTransport<false>
  readonly secureTransport: EmulatorTransport<true> | undefined
  /** They strike sessions of this domain alone, and so from login on. */
  readonly faults: Faults
  /** Empties this inbox and removes these faults. */
  reset(): void
  /** Gives the domain back: its login works no more, its mail is forgotten. */
  close(): void
  [Symbol.dispose](): void
}

/** What a checkout is taken from. */
export interface CheckoutSource {
  readonly address: SmtpAddress
  readonly accounts: Accounts
  readonly inbox: Inbox
  readonly faults: FaultPlan
  readonly rate: Rate
}

export function checkOut({ address, accounts, inbox, faults, rate }: CheckoutSource): Checkout {
  const domain = readDomain({ name: `${randomBytes(6).toString('hex')}.example` }, rate)
  const login = { user: `postmaster@${domain.name}`, pass: randomBytes(12).toString('hex') }
  accounts.add(domain, login)
  return new CheckedOut({
    domain: domain.name,
    access: new Access(address, login),
    mailbox: inbox.view((submission) => submission.domain === domain.name),
    faults: faults.limitedTo(({ session }) => domainPart(session.user ?? '') === domain.name),
    giveBack: () => accounts.remove(domain, login),
  })
}

class CheckedOut extends MailView implements Checkout {
  readonly domain: string
  readonly faults: Faults
  readonly #access: Access
  readonly #mailbox: Mailbox
  readonly #giveBack: () => void

  constructor(parts: {
    readonly domain: string
    readonly access: Access
    readonly mailbox: Mailbox
    readonly faults: Faults
    readonly giveBack: () => void
  }) {
    super(parts.mailbox)
    this.domain = parts.domain
    this.faults = parts.faults
    this.#access = parts.access
    this.#mailbox = parts.mailbox
    this.#giveBack = parts.giveBack
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

  reset(): void {
    this.#mailbox.reset()
    this.faults.clear()
  }

  close(): void {
    this.#giveBack()
    this.reset()
  }

  [Symbol.dispose](): void {
    this.close()
  }
}
