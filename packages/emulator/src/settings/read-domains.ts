import type { DomainSending } from '../mail/domain-sending.ts'
import type { DomainTracking } from '../tracking/tracking.ts'
import { checkFlag, checkList, checkNames, checkObject, readRate } from './option-checks.ts'
import { domainPart, domainStates, type DomainOptions } from '../policy/domains.ts'
import { checkLogin } from './read-logins.ts'
import { EmulatorError, type MailgunEmulatorOptions } from './settings.ts'

const sendingNames: Readonly<Record<keyof DomainSending, true>> = {
  dkim: true,
  requireTls: true,
  skipVerification: true,
}
const domainNames: Readonly<Record<keyof DomainOptions, true>> = {
  name: true,
  state: true,
  authorizedRecipients: true,
  credentials: true,
  limits: true,
  tracking: true,
  ...sendingNames,
}
const trackingNames: Readonly<Record<keyof DomainTracking, true>> = {
  opens: true,
  clicks: true,
  pixelTop: true,
}

const oneDomain = "{ name: 'mg.example.com', … }"

/** @throws {EmulatorError} for a domain that cannot be; {@link TypeError} for an unknown word about one. */
export function readDomainOptions({
  domains,
  credentials,
}: MailgunEmulatorOptions): readonly [DomainOptions, ...DomainOptions[]] {
  if (domains !== undefined) {
    checkList('domains', 'domains', domains, `['mg.example.com'], or [${oneDomain}]`)
  }
  const known = (domains ?? domainsOfLogins(credentials)).map(readDomainName)
  for (const domain of known) checkDomain(domain)
  const [first, ...rest] = known
  if (!first) {
    throw new EmulatorError('domains', 'domains is empty: give at least one, or leave it out.')
  }
  return [first, ...rest]
}

function domainsOfLogins(credentials: MailgunEmulatorOptions['credentials']): readonly string[] {
  if (!Array.isArray(credentials)) return ['mg.example.com']
  for (const login of credentials) checkLogin('credentials', login)
  const names = new Set(credentials.map(({ user }) => domainPart(user)))
  return names.size === 0 ? ['mg.example.com'] : [...names]
}

function readDomainName(domain: string | DomainOptions): DomainOptions {
  return typeof domain === 'string' ? { name: domain } : domain
}

function checkDomain(domain: DomainOptions): void {
  checkObject('domains', 'domains: each', domain, `'mg.example.com', or ${oneDomain}`)
  checkNames(domain, domainNames, 'A domain has no option')
  const { name, state, limits, authorizedRecipients } = domain
  if (typeof name !== 'string' || !/^[^\s@<>]+$/.test(name)) {
    throw new EmulatorError('domains', "domains: each has a name, as 'mg.example.com'.")
  }
  if (state !== undefined && !domainStates.includes(state)) {
    throw new EmulatorError(
      'domains',
      `domains: the state of ${name} is '${state}'; it can be ${domainStates.join(', ')}.`,
    )
  }
  if (limits !== undefined) {
    checkObject('domains', `domains: limits of ${name}`, limits, '{ perHour: 100 }')
    readRate('domains', limits)
  }
  if (authorizedRecipients !== undefined) {
    const what = `domains: authorizedRecipients of ${name}`
    checkList('domains', what, authorizedRecipients, "['me@example.com']")
  }
  for (const flag of Object.keys(sendingNames) as (keyof DomainSending)[]) {
    checkFlag('domains', `${flag} of ${name}`, domain[flag])
  }
  checkTracking(domain)
  checkOwnLogins(domain)
}

function checkTracking({ name, tracking }: DomainOptions): void {
  if (tracking === undefined) return
  const example = "{ opens: true, clicks: 'htmlonly' }"
  checkObject('domains', `domains: tracking of ${name}`, tracking, example)
  checkNames(tracking, trackingNames, 'tracking has no option')
  checkFlag('domains', `tracking.opens of ${name}`, tracking.opens)
  checkFlag('domains', `tracking.pixelTop of ${name}`, tracking.pixelTop)
  if (tracking.clicks === 'htmlonly') return
  checkFlag('domains', `tracking.clicks of ${name}, unless it is 'htmlonly',`, tracking.clicks)
}

function checkOwnLogins({ name, credentials }: DomainOptions): void {
  if (credentials === undefined) return
  const example = `[{ user: 'postmaster@${name}', pass: '…' }]`
  checkList('domains', `domains: credentials of ${name}`, credentials, example)
  for (const login of credentials) checkLogin('domains', login)
  const foreign = credentials.find(({ user }) => domainPart(user) !== name.toLowerCase())
  if (!foreign) return
  throw new EmulatorError(
    'domains',
    `domains: the login '${foreign.user}' is not of ${name}; Mailgun's logins are login@domain.`,
  )
}
