/** What an error is told of the connection: where it went, and the secrets it must not show. */
export interface Login {
  readonly host: string | undefined
  readonly user: string
  readonly pass: string
}

/** Reads the login from the message, otherwise from the transporter's options; a transport that is not SMTP has none. */
export function loginOf(transporter: { readonly options: object }, own?: unknown): Login {
  const host: unknown = Reflect.get(transporter.options, 'host')
  const auth: unknown = own ?? Reflect.get(transporter.options, 'auth')
  return {
    host: typeof host === 'string' ? host : undefined,
    user: textIn(auth, 'user'),
    pass: textIn(auth, 'pass'),
  }
}

/** What no error shows: a server may repeat what it was sent, encoded as AUTH sends it too (RFC 4616, AUTH LOGIN). */
export function secretsOf({ user, pass }: Login): string[] {
  return [`\0${user}\0${pass}`, pass, user]
    .flatMap((secret) => [Buffer.from(secret).toString('base64'), secret])
    .filter((secret) => secret !== '')
}

function textIn(object: unknown, key: string): string {
  const value: unknown = Reflect.get(Object(object), key)
  return typeof value === 'string' ? value : ''
}
