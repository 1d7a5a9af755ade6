import type { DomainSending } from '../mail/domain-sending.ts'
import type { DomainTracking } from '../tracking/tracking.ts'
import type { Login } from '../smtp/authentication.ts'
import type { Rate } from './rate-limiter.ts'
import type { RefusalName } from './refusals.ts'

/** What Mailgun holds of a domain and its account. */
export type DomainState =
  | 'active'
  /** Sends to authorised recipients only, as a sandbox does. */
  | 'free'
  | 'unactivated'
  | 'unverified'
  | 'disabled'
  | 'inactive'
  | 'terminated'
  /** 100 recipients an hour; then logins are refused, too. */
  | 'probation'

/** A sending domain. */
export interface DomainOptions extends DomainSending {
  /** The domain, such as `mg.example.com`. */
  readonly name: string
  /** The state of the domain and its account. Default: `'active'`. */
  readonly state?: DomainState | undefined
  /** Makes the domain a sandbox that can send only to these recipients. Default: none; a `sandbox….mailgun.org` is always a sandbox. */
  readonly authorizedRecipients?: readonly string[] | undefined
  /** Logins of this domain, each `login@domain`. Default: none. */
  readonly credentials?: readonly Login[] | undefined
  /** Recipients in a time. Default: the emulator's `limits`. */
  readonly limits?: Rate | undefined
  /** What is tracked if the message does not say. Default: nothing. */
  readonly tracking?: DomainTracking | undefined
}

/** A domain with every default in place. */
export interface Domain {
  /** In lower case. */
  readonly name: string
  readonly state: DomainState
  /** In lower case; undefined if every recipient may get its mail. */
  readonly authorizedRecipients: ReadonlySet<string> | undefined
  readonly limits: Rate
}

/** What Mailgun says to a domain in this state when it wants to send; nothing if it may. */
const refusalOf: Readonly<Record<DomainState, RefusalName | undefined>> = {
  active: undefined,
  free: undefined,
  unactivated: 'unactivated',
  unverified: 'unverified',
  disabled: 'disabled',
  inactive: 'inactive',
  terminated: 'terminated',
  // Only of its rate.
  probation: undefined,
}

export const domainStates: readonly string[] = Object.keys(refusalOf)

export const probationRate: Rate = { perHour: 100 }

export function readDomain(options: DomainOptions, limits: Rate): Domain {
  const name = options.name.toLowerCase()
  const state = options.state ?? 'active'
  const isConfined =
    options.authorizedRecipients !== undefined ||
    state === 'free' ||
    /^sandbox[0-9a-z]*\.mailgun\.org$/.test(name)
  const authorized = (options.authorizedRecipients ?? []).map((address) => address.toLowerCase())
  return {
    name,
    state,
    authorizedRecipients: isConfined ? new Set(authorized) : undefined,
    limits: { ...(state === 'probation' ? probationRate : limits), ...options.limits },
  }
}

/** Which refusal a message from the domain to these recipients gets for what the domain is, if any. */
export function refusalFor(domain: Domain, recipients: readonly string[]): RefusalName | undefined {
  const byState = refusalOf[domain.state]
  if (byState) return byState
  const { authorizedRecipients: authorized } = domain
  if (!authorized || recipients.every((address) => authorized.has(address.toLowerCase()))) {
    return undefined
  }
  return domain.state === 'free' ? 'freeAccount' : 'sandbox'
}

/** The domain of an address or a login; all of it if there is no `@`. In lower case. */
export function domainPart(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase()
}
