import { regions, type Region } from '../regions.ts'

/** What an error is told of the connection: where it went, and the secrets it must not show. */
export interface Login {
  readonly host: string | undefined
  readonly user: string
  readonly pass: string
}

/** Reads the login from the message, and otherwise from the transporter's options. A transport that is not SMTP has none. */
export function loginOf(transporter: { readonly options: object }, own?: unknown): Login {
  const host: unknown = Reflect.get(transporter.options, 'host')
  const auth: unknown = own ?? Reflect.get(transporter.options, 'auth')
  return {
    host: typeof host === 'string' ? host : undefined,
    user: stringIn(auth, 'user'),
    pass: stringIn(auth, 'pass'),
  }
}

/** What no error shows: a server may repeat what it was sent, encoded as AUTH sends it too (RFC 4616, AUTH LOGIN). */
export function secretsOf({ user, pass }: Login): string[] {
  return [`\0${user}\0${pass}`, pass, user]
    .flatMap((secret) => [Buffer.from(secret).toString('base64'), secret])
    .filter((secret) => secret !== '')
}

/** What to look at when a login is refused. Mailgun says the same 535 for every reason. */
export function loginCure(host?: string, pass = ''): string {
  if (/^key-|^[\da-f]{32}-[\da-f]{8}-[\da-f]{8}$/i.test(pass)) {
    return 'The password looks like an API key: use an SMTP login of the domain instead.'
  }
  const region = (Object.keys(regions) as Region[]).find((name) => regions[name].host === host)
  const other = region
    ? ` a domain of the other region needs region: '${regions[region].other}';`
    : ''
  return `Check, in this order: login and password are an SMTP login of the domain, not an API key;${other} the IP allow-list of the account.`
}

function stringIn(object: unknown, key: string): string {
  const value: unknown = Reflect.get(Object(object), key)
  return typeof value === 'string' ? value : ''
}
