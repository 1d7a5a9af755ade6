import { randomBytes } from 'node:crypto'
import type { OptionName } from './option-checks.ts'
import { checkList } from './option-checks.ts'
import { domainPart, type DomainOptions } from '../policy/domains.ts'
import { EmulatorError, type MailgunEmulatorOptions, type Settings } from './settings.ts'
import type { Login } from '../smtp/authentication.ts'

/** @throws {EmulatorError} for logins that cannot be, or that are of no domain. */
export function readCredentials(
  options: MailgunEmulatorOptions,
  domains: readonly [DomainOptions, ...DomainOptions[]],
): Pick<Settings, 'credentials' | 'login'> {
  const { credentials } = options
  const own = domains.flatMap((domain) => domain.credentials ?? [])
  const postmaster = `postmaster@${domains[0].name}`
  if (credentials === 'any' || credentials === 'none') {
    return { credentials, login: own[0] ?? { user: postmaster, pass: 'any-password' } }
  }
  if (typeof credentials === 'string') {
    throw new EmulatorError('credentials', "credentials is 'any', 'none' or a list of logins.")
  }
  if (credentials) checkLogins(credentials, domains)
  const given = [...(credentials ?? []), ...own]
  const [login] = given
  if (login) return { credentials: given, login }
  if (credentials) {
    throw new EmulatorError(
      'credentials',
      "credentials is empty: give at least one { user, pass }, or 'any' or 'none'.",
    )
  }
  const made = { user: postmaster, pass: randomBytes(12).toString('hex') }
  return { credentials: [made], login: made }
}

/** @throws {EmulatorError} for a value that is not a login; it shows no password. */
export function checkLogin(option: OptionName, login: Login): void {
  const { user, pass } = Object(login) as Partial<Login>
  if (typeof user !== 'string' || typeof pass !== 'string') {
    throw new EmulatorError(option, `${option}: each login has a user and a pass, both texts.`)
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
