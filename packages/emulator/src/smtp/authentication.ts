import { replies } from './replies.ts'
import type { Reply } from './reply.ts'

/** A login and its password, as a client gave them. */
export interface Login {
  readonly user: string
  readonly pass: string
}

/** What an exchange wants next: another line from the client, a look at the login, or to give up. */
export type AuthenticationStep =
  | { readonly ask: Reply }
  | { readonly login: Login }
  | { readonly refuse: 'encoding' | 'cancelled' }

/** One running AUTH command: each line of the client leads to the next step. */
export interface AuthenticationExchange {
  /** `undefined` at the start if the command carried no initial response. */
  next(response: string | undefined): AuthenticationStep
}

/** The mechanisms Mailgun offers, by name. */
export const mechanisms: ReadonlyMap<string, () => AuthenticationExchange> = new Map([
  ['PLAIN', plain],
  ['LOGIN', login],
])

function plain(): AuthenticationExchange {
  return {
    next(response) {
      if (response === undefined) return { ask: replies.plainChallenge }
      if (response === '*') return { refuse: 'cancelled' }
      const decoded = decodeBase64(response)
      if (decoded === undefined) return { refuse: 'encoding' }
      const [, user = '', pass = ''] = decoded.split('\0')
      return { login: { user, pass } }
    },
  }
}

function login(): AuthenticationExchange {
  let user: string | undefined
  return {
    next(response) {
      if (response === undefined) return { ask: replies.loginUser }
      if (response === '*') return { refuse: 'cancelled' }
      const decoded = decodeBase64(response)
      if (decoded === undefined) return { refuse: 'encoding' }
      if (user !== undefined) return { login: { user, pass: decoded } }
      user = decoded
      return { ask: replies.loginPass }
    },
  }
}

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

function decodeBase64(response: string): string | undefined {
  // RFC 4954: a lone "=" is an initial response of no bytes.
  const text = response === '=' ? '' : response
  return base64.test(text) ? Buffer.from(text, 'base64').toString() : undefined
}
