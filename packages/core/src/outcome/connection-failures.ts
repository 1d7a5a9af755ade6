import type { NodemailerError } from 'nodemailer'
import type { DeliveryFailure } from './errors.ts'
import { regions, type Region } from '../regions.ts'

type ConnectionFailure = Pick<
  DeliveryFailure,
  'code' | 'outcome' | 'fault' | 'retryable' | 'message' | 'cure'
>

interface FailureRow {
  /** nodemailer's code, or the system's or OpenSSL's before it. */
  readonly codes: RegExp
  /** Words of the error that tell it from others with the code. Its text itself is never shown. */
  readonly words?: RegExp
  readonly failure: Omit<ConnectionFailure, 'outcome'> & Partial<Pick<ConnectionFailure, 'outcome'>>
}

/** What ends a send before the connection has a part in it. */
const contentFailure: ConnectionFailure = {
  code: 'ERR_MAILGUN_CONTENT',
  outcome: 'rejected',
  fault: 'message',
  retryable: false,
  message: 'The message could not be built, or a part of it could not be read.',
  cure: 'Check that every stream, file and URL of the message can be read, and that every plugin of the transporter works.',
}

/** What ends a send with no reply and before the whole body was handed over. The first row that fits counts. */
const failures: readonly FailureRow[] = [
  {
    codes: /^EABORT$/,
    failure: {
      code: 'ERR_MAILGUN_ABORTED',
      fault: 'connection',
      retryable: true,
      message: 'The send was aborted before the whole message was handed over.',
      cure: 'Mailgun did not accept the message: it is safe to send again.',
    },
  },
  {
    codes:
      /^(?:ESTREAM|EFILEACCESS|EURLACCESS|EFETCH|EMESSAGE|EENVELOPE|EOTP|ECONFIG|EREQUIRETLS|EMAXRECIPIENTS)$/,
    failure: contentFailure,
  },
  {
    codes: /./,
    words: /wrong version number/i,
    failure: {
      code: 'ERR_MAILGUN_TLS',
      fault: 'connection',
      retryable: false,
      message: 'The port does not begin with TLS.',
      cure: 'Port 465 begins with TLS; 25, 587 and 2525 with STARTTLS.',
    },
  },
  {
    codes: /^ETLS$|^UPGRADE_TIMEOUT$/,
    words: /closed unexpectedly|timed out/i,
    failure: {
      code: 'ERR_MAILGUN_TLS',
      fault: 'connection',
      retryable: true,
      message: 'The connection was lost while it was being encrypted.',
      cure: 'Nothing was sent unencrypted, and Mailgun did not accept the message: it is safe to send again.',
    },
  },
  {
    codes: /CERT|SELF_SIGNED|UNABLE_TO_(?:GET|VERIFY)|DEPTH_ZERO|HOSTNAME_MISMATCH|ERR_SSL|^ETLS$/,
    failure: {
      code: 'ERR_MAILGUN_TLS',
      fault: 'connection',
      retryable: false,
      message: 'The server could not be verified, or the connection could not be encrypted.',
      cure: 'Nothing was sent unencrypted. Check the host. For a server with your own certificate authority, set tls.ca.',
    },
  },
  {
    codes: /^(?:EDNS|ENOTFOUND|EAI_AGAIN)$/,
    failure: {
      code: 'ERR_MAILGUN_CONNECTION',
      fault: 'connection',
      retryable: true,
      message: "The server's name could not be resolved.",
      cure: 'Check the host, and that this machine has DNS.',
    },
  },
  {
    codes: /^(?:ECONNREFUSED|CONNECT_TIMEOUT|GREETING_TIMEOUT|EHOSTUNREACH|ENETUNREACH)$/,
    failure: {
      code: 'ERR_MAILGUN_CONNECTION',
      fault: 'connection',
      retryable: true,
      message: 'The server could not be reached.',
      cure: 'Many hosts block ports 25 and 587: try port 2525 or 465.',
    },
  },
]

/** What ends a send when the server's line is not a reply. */
const garbled: ConnectionFailure = {
  code: 'ERR_MAILGUN_CONNECTION',
  outcome: 'deferred',
  fault: 'connection',
  retryable: true,
  message:
    'The server answered with something that is not an SMTP reply, before the whole message was handed over.',
  cure: 'Mailgun did not accept the message: it is safe to send again.',
}

// nodemailer names the command whose answer it could not read; of a fault of its own it names none of these.
const answered = /^(?:MAIL FROM|RCPT TO|DATA)$/

const lost: ConnectionFailure = {
  code: 'ERR_MAILGUN_CONNECTION',
  outcome: 'deferred',
  fault: 'connection',
  retryable: true,
  message: 'The connection was lost before the whole message was handed over.',
  cure: 'Mailgun did not accept the message: it is safe to send again.',
}

/** Says what ended a send without a reply. If it ended before the message was built, the connection is not at fault. */
export function connectionFailure(
  error: NodemailerError,
  { built, host }: { readonly built: boolean; readonly host: string | undefined },
): ConnectionFailure {
  if (!built && error.code !== 'EABORT') return contentFailure
  if (answered.test(error.command ?? '') && /^E(?:ENVELOPE|MESSAGE)$/.test(error.code ?? '')) {
    return garbled
  }
  if (error.code === 'ENOAUTH' || error.code === 'EAUTH') {
    return {
      code: 'ERR_MAILGUN_AUTH',
      outcome: 'deferred',
      fault: 'account',
      retryable: false,
      message: 'The login failed.',
      cure: loginCure(host),
    }
  }
  const codes = [error.originalCode, error.timeoutType, error.code].filter(
    (code) => code !== undefined,
  )
  const row = failures.find(
    ({ codes: pattern, words }) =>
      codes.some((code) => pattern.test(code)) && (words?.test(error.message) ?? true),
  )
  return row ? { outcome: 'deferred', ...row.failure } : lost
}

/** What to look at when a login is refused; Mailgun says the same 535 for every reason. */
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
