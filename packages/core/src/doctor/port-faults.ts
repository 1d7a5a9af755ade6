import type { TlsReport } from './tls-report.ts'

/** A step of reaching a server. */
export type Step = 'TCP' | 'greeting' | 'STARTTLS' | 'TLS' | 'login'

/** The login was checked and is not taken: it would not be on another port either. */
export type Refusal = 'login-refused' | 'account-refused'

/** What can also be in the way on a port. */
export type Hindrance =
  | 'blocked'
  | 'closed'
  | 'silent'
  | 'not-smtp'
  | 'session-refused'
  | 'starttls-absent'
  | 'starttls-refused'
  | 'tls-failed'
  | 'certificate-expired'
  | 'certificate-early'
  | 'certificate-name'
  | 'certificate-authority'
  | 'login-absent'
  | 'login-deferred'
  | 'lost'

export type PortFault = Refusal | Hindrance

/** Where the fault was met. */
export interface FaultPlace {
  readonly port: number
  readonly host: string
  readonly isMailgun: boolean
  readonly certificate: TlsReport['certificate'] | undefined
}

interface HindranceRow {
  /** A few words for the line of the port. */
  readonly says: string
  /** A clause for the advice: the reason not to use the port. */
  readonly because: (place: FaultPlace) => string
  /** A clause for the advice: what to change where no other port works. */
  readonly cure: (place: FaultPlace) => string
}

const firewall = ({ isMailgun }: FaultPlace): string =>
  isMailgun
    ? 'have the firewall of this machine or its network open port 2525, 587 or 465 to it'
    : 'see that host and port are right, that the server runs, and that no firewall is in between'

const proxy = (): string =>
  'a device in between answers instead of it: have the firewall or mail proxy let the session through'

/** What to do about a refusal is in the words that came with it. */
export const refusals: Readonly<Record<Refusal, Pick<HindranceRow, 'says'>>> = {
  'login-refused': { says: 'refused' },
  'account-refused': { says: 'the account is refused' },
}

/** Every hindrance and what to do about it. */
export const hindrances: Readonly<Record<Hindrance, HindranceRow>> = {
  blocked: {
    says: 'no answer',
    because: ({ port }) => `port ${port} is blocked from here`,
    cure: firewall,
  },
  closed: {
    says: 'connection refused',
    because: ({ port }) => `port ${port} is blocked from here`,
    cure: firewall,
  },
  silent: {
    says: 'no answer',
    because: ({ port }) => `port ${port} opens, but no server answers`,
    cure: ({ isMailgun }) =>
      isMailgun ? proxy() : 'see that the port is one of SMTP and begins as the config says',
  },
  'not-smtp': {
    says: 'what answers is not an SMTP server',
    because: ({ port }) => `what answers on port ${port} is not an SMTP server`,
    cure: ({ isMailgun }) =>
      isMailgun ? proxy() : 'see that the port is one of SMTP and begins as the config says',
  },
  'session-refused': {
    says: 'the server refuses the session',
    because: ({ port }) => `the server refuses the session on port ${port}`,
    cure: () => 'see its reply above, and that it serves the address of this machine',
  },
  'starttls-absent': {
    says: 'not offered',
    because: ({ port, isMailgun }) =>
      isMailgun
        ? `STARTTLS is stripped on the way to port ${port}`
        : `STARTTLS is stripped on the way to port ${port}, or the server lacks it`,
    cure: () => 'have the firewall, virus scanner or mail proxy in between let it through',
  },
  'starttls-refused': {
    says: 'refused',
    because: ({ port }) => `the server refuses STARTTLS on port ${port}`,
    cure: () => 'try again later',
  },
  'tls-failed': {
    says: 'no agreement',
    because: ({ port }) => `TLS 1.2 or 1.3 could not be agreed on port ${port}`,
    cure: ({ isMailgun }) =>
      isMailgun
        ? proxy()
        : 'see that the server knows TLS 1.2, and that the port begins as the config says',
  },
  'certificate-expired': {
    says: 'the certificate expired',
    because: ({ certificate }) => `the certificate expired on ${certificate?.until}`,
    cure: () => 'have it renewed, or set the clock of this machine if that is wrong',
  },
  'certificate-early': {
    says: 'the certificate is not yet valid',
    because: ({ certificate }) => `the certificate is valid only from ${certificate?.from}`,
    cure: () => 'set the clock of this machine if that is wrong',
  },
  'certificate-name': {
    says: 'the certificate is for another name',
    because: ({ host }) => `the certificate is for another name than ${host}`,
    cure: ({ isMailgun }) => (isMailgun ? proxy() : 'give the name that it is for as host'),
  },
  'certificate-authority': {
    says: 'the certificate is of no known authority',
    because: () => 'the certificate is of an authority that this machine does not know',
    cure: ({ isMailgun }) =>
      isMailgun
        ? proxy()
        : 'for an authority of your own, name its file in tls.ca or NODE_EXTRA_CA_CERTS',
  },
  'login-absent': {
    says: 'not offered',
    because: ({ port }) => `the server offers no login on port ${port}`,
    cure: ({ isMailgun }) => (isMailgun ? proxy() : 'switch the login on at the server'),
  },
  'login-deferred': {
    says: 'not possible now',
    because: ({ port }) => `the server cannot check the login on port ${port} now`,
    cure: () => 'try again later',
  },
  lost: {
    says: 'the connection was lost',
    because: ({ port }) => `the connection to port ${port} was lost`,
    cure: () => 'try again, and see what on the way closes connections',
  },
}
