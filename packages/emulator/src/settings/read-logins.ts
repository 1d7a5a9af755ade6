import { randomBytes } from 'node:crypto'
import type { OptionName } from './option-checks.ts'
import { checkList } from './option-checks.ts'
import { domainPart, type DomainOptions } from '../policy/domains.ts'
import { EmulatorError, type MailgunEmulatorOptions, type Settings } from './settings.ts'
import type { Login } from '../smtp/authentication.ts'

type Logins = Pick<Settings, 'credentials' | 'login' | 'loginOf'>

/** @throws {EmulatorError} for logins that cannot be, or that are of none of the domains. */
export function readCredentials(
  { credentials }: MailgunEmulatorOptions,
  domains: readonly [DomainOptions, ...DomainOptions[]],
): Logins {
  if (typeof credentials === 'string' && credentials !== 'any' && credentials !== 'none') {
    throw new EmulatorError('credentials', "credentials is 'any', 'none' or a list of logins.")
  }
  const list = typeof credentials === 'string' ? [] : credentials
  if (list) checkLogins(list, domains)
  const given = [...(list ?? []), ...domains.flatMap((domain) => domain.credentials ?? [])]
  if (typeof credentials === 'string') {
    return { credentials, ...told(given, domains, (user) => ({ user, pass: 'any-password' })) }
  }
  if (credentials && given.length === 0) {
    throw new EmulatorError(
      'credentials',
      "credentials is empty: give at least one { user, pass }, or 'any' or 'none'.",
    )
  }
  // A list of logins means these alone; otherwise no domain goes without.
  const made = credentials
    ? []
    : domains
        .filter(({ name }) => !given.some(({ user }) => isOf(user, name)))
        .map(({ name }) => ({
          user: `postmaster@${name}`,
          pass: randomBytes(12).toString('hex'),
        }))
  const logins = [...given, ...made]
  return { credentials: logins, ...told(logins, domains, () => logins[0]) }
}

/** What clients are told: of each domain the first login, and of the first domain at least something. */
function told(
  logins: readonly Login[],
  domains: readonly [DomainOptions, ...DomainOptions[]],
  otherwise: (postmaster: string) => Login | undefined,
): Pick<Logins, 'login' | 'loginOf'> {
  const loginOf = new Map(
    domains.flatMap(({ name }) => {
      const login = logins.find(({ user }) => isOf(user, name))
      return login ? [[name.toLowerCase(), login] as const] : []
    }),
  )
  const postmaster = `postmaster@${domains[0].name}`
  const login = loginOf.get(domains[0].name.toLowerCase()) ?? otherwise(postmaster)
  return { login: login ?? { user: postmaster, pass: 'any-password' }, loginOf }
}

function isOf(user: string, domain: string): boolean {
  return domainPart(user) === domain.toLowerCase()
}

/** @throws {EmulatorError} for what is not a login; it shows no password. */
export function checkLogin(option: OptionName, login: Login): void {
  const { user, pass } = Object(login) as Partial<Login>
  if (typeof user !== 'string' || typeof pass !== 'string') {
    throw new EmulatorError(option, `${option}: each login has a user and a pass, both strings.`)
  }
  if (/.@[^@]+$/.test(user)) return
  throw new EmulatorError(
    option,
    `${option}: the login '${user}' has no domain; Mailgun's logins are login@domain.`,
  )
}

/** Mailgun's logins belong to a domain of the account. */
function checkLogins(logins: readonly Login[], domains: readonly DomainOptions[]): void {
  checkList('credentials', 'credentials', logins, "[{ user: 'a@mg.example.com', pass: '…' }]")
  for (const login of logins) checkLogin('credentials', login)
  const foreign = logins.find(({ user }) =>
    domains.every(({ name }) => name.toLowerCase() !== domainPart(user)),
  )
  if (!foreign) return
  throw new EmulatorError(
    'credentials',
    `credentials: the login '${foreign.user}' is of none of the domains; add ${domainPart(foreign.user)} to them.`,
  )
}
