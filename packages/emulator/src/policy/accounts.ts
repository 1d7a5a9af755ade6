import type { Login } from '../smtp/authentication.ts'
import { domainPart, readDomain, type Domain } from './domains.ts'
import type { Rate } from './rate-limiter.ts'

/** Which logins are accepted: those of a list, any login, or none is needed. */
export type Credentials = 'any' | 'none' | readonly Login[]

/** What there is to log in to. */
export interface AccountSettings {
  readonly domains: readonly [Domain, ...Domain[]]
  readonly credentials: Credentials
  readonly mode: 'strict' | 'lenient'
  /** Of a domain that is not among the settings. */
  readonly rate: Rate
}

/** The domains that may send, and who logs in to them. */
export class Accounts {
  readonly #settings: AccountSettings
  readonly #domains: Map<string, Domain>
  // By user and password, which no character of either joins.
  readonly #logins: Set<string>

  constructor(settings: AccountSettings) {
    this.#settings = settings
    this.#domains = new Map(settings.domains.map((domain) => [domain.name, domain]))
    const { credentials } = settings
    this.#logins = new Set(typeof credentials === 'string' ? [] : credentials.map(loginKey))
  }

  get needsLogin(): boolean {
    return this.#settings.credentials !== 'none'
  }

  /** A domain that is not among the settings, with the login that its mail is told by. */
  add(domain: Domain, login: Login): void {
    this.#domains.set(domain.name, domain)
    this.#logins.add(loginKey(login))
  }

  remove(domain: Domain, login: Login): void {
    this.#domains.delete(domain.name)
    this.#logins.delete(loginKey(login))
  }

  takes(login: Login): boolean {
    const { credentials, mode } = this.#settings
    if (typeof credentials === 'string' || mode === 'lenient') return true
    return this.#logins.has(loginKey(login))
  }

  /** The domain that a message is accounted to: the login's, without one the sender's. */
  domainOf(user: string | undefined, sender: string): Domain {
    const name = domainPart(user ?? sender)
    const known = this.#domains.get(name)
    if (known) return known
    // Where any login is accepted, or none is needed, a client may send for a domain that is not among the settings.
    return name === '' ? this.#settings.domains[0] : readDomain({ name }, this.#settings.rate)
  }
}

function loginKey({ user, pass }: Login): string {
  return JSON.stringify([user, pass])
}
