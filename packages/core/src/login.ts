/** What an error is told of the connection: where it went, and the secrets it must not show. */
export interface Login {
  readonly host: string | undefined
  readonly user: string
  readonly pass: string
}

/** Reads the login from a transporter's options; a transport that is not SMTP has none. */
export function loginOf(transporter: { readonly options: object }): Login {
  const host: unknown = Reflect.get(transporter.options, 'host')
  const auth: unknown = Reflect.get(transporter.options, 'auth')
  return {
    host: typeof host === 'string' ? host : undefined,
    user: textIn(auth, 'user'),
    pass: textIn(auth, 'pass'),
  }
}

function textIn(object: unknown, key: string): string {
  const value: unknown = Reflect.get(Object(object), key)
  return typeof value === 'string' ? value : ''
}
