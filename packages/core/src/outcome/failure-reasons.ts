import type { FailureReason, SessionFailure, SessionStage } from '../session/transaction-record.ts'
import type { DeliveryErrorCode } from './errors.ts'
import { loginCure, type Login } from './login.ts'
import type { FaultParty, Verdict } from './outcome.ts'

/** What is known of a recipient that is not accepted. */
export interface NotTaken extends Verdict {
  readonly outcome: 'rejected' | 'deferred' | 'unknown'
  readonly code: DeliveryErrorCode
  readonly fault: FaultParty
  readonly problem: string
  readonly cure: string
}

type FailureRow = Pick<NotTaken, 'code' | 'fault' | 'problem' | 'cure'> &
  Partial<Pick<NotTaken, 'outcome' | 'retryable'>>

const again = 'Mailgun did not accept the message: it is safe to send again.'

const noTls = {
  code: 'ERR_MAILGUN_TLS',
  fault: 'connection',
  retryable: false,
  problem: 'The server could not be verified, or the connection could not be encrypted.',
  cure: 'Nothing was sent unencrypted. Check the host. For a server with your own certificate authority, set tls.ca.',
} as const

const garbled = {
  code: 'ERR_MAILGUN_CONNECTION',
  fault: 'connection',
  problem:
    'The server answered with something that is not an SMTP reply, before the whole message was handed over.',
  cure: again,
} as const

/** What ends an attempt without a reply that refuses, while the final dot was not written. The usual row is `deferred` and retryable. */
const reasons: Readonly<Record<FailureReason, FailureRow>> = {
  unresolved: {
    code: 'ERR_MAILGUN_CONNECTION',
    fault: 'connection',
    problem: "The server's name could not be resolved.",
    cure: 'Check the host, and that this machine has DNS.',
  },
  unreachable: {
    code: 'ERR_MAILGUN_CONNECTION',
    fault: 'connection',
    problem: 'The server could not be reached.',
    cure: 'Many hosts block ports 25 and 587: try port 2525 or 465.',
  },
  lost: {
    code: 'ERR_MAILGUN_CONNECTION',
    fault: 'connection',
    problem: 'The connection was lost before the whole message was handed over.',
    cure: again,
  },
  deadline: {
    code: 'ERR_MAILGUN_TIMEOUT',
    fault: 'connection',
    problem: 'The server did not ask for the body within its deadline (deadlines.untilBody).',
    cure: again,
  },
  malformed: garbled,
  unasked: garbled,
  unexpected: garbled,
  'tls-not-offered': {
    code: 'ERR_MAILGUN_TLS',
    fault: 'connection',
    retryable: false,
    problem: 'The connection could not be encrypted: the server does not offer STARTTLS.',
    cure: 'Nothing was sent unencrypted. The server does not offer STARTTLS, or a device in between removes it: try port 465.',
  },
  'tls-injected': {
    code: 'ERR_MAILGUN_TLS',
    fault: 'connection',
    retryable: false,
    problem: 'Unencrypted bytes came with the consent to STARTTLS.',
    cure: 'Nothing was sent unencrypted. A device in between may add commands: try port 465.',
  },
  'tls-wrong-port': {
    code: 'ERR_MAILGUN_TLS',
    fault: 'connection',
    retryable: false,
    problem: 'The port does not begin with TLS.',
    cure: 'Port 465 begins with TLS; 25, 587 and 2525 with STARTTLS.',
  },
  'tls-unverified': noTls,
  'tls-failed': noTls,
  'tls-lost': {
    code: 'ERR_MAILGUN_TLS',
    fault: 'connection',
    problem: 'The connection was lost while it was being encrypted.',
    cure: 'Nothing was sent unencrypted, and Mailgun did not accept the message: it is safe to send again.',
  },
  'login-not-offered': {
    code: 'ERR_MAILGUN_AUTH',
    fault: 'account',
    retryable: false,
    problem: 'The login failed.',
    cure: '',
  },
  'too-large': {
    code: 'ERR_MAILGUN_REFUSED',
    fault: 'message',
    outcome: 'rejected',
    retryable: false,
    problem: 'The message is larger than the server takes (SIZE, RFC 1870).',
    cure: 'Send a smaller message, or a link in place of an attachment.',
  },
  'utf8-not-offered': {
    code: 'ERR_MAILGUN_RECIPIENT',
    fault: 'recipient',
    outcome: 'rejected',
    retryable: false,
    problem:
      'An address has characters beyond ASCII before the @, and the server does not take them.',
    cure: 'Use another address of the recipient or the sender.',
  },
  'requiretls-not-offered': {
    code: 'ERR_MAILGUN_TLS',
    fault: 'connection',
    retryable: false,
    problem: 'The message demands REQUIRETLS (RFC 8689), and the server does not offer it.',
    cure: "Remove the message's requireTLSExtensionEnabled, or use a server that offers it.",
  },
  aborted: {
    code: 'ERR_MAILGUN_ABORTED',
    fault: 'connection',
    problem: 'The send was aborted before the whole message was handed over.',
    cure: again,
  },
  closed: {
    code: 'ERR_MAILGUN_SHUTDOWN',
    fault: 'connection',
    problem: 'The mailer was closed before the message was handed over.',
    cure: 'Mailgun did not accept the message: send it again with another mailer.',
  },
  content: {
    code: 'ERR_MAILGUN_CONTENT',
    fault: 'message',
    outcome: 'rejected',
    retryable: false,
    problem: 'The message could not be built, or a part of it could not be read.',
    cure: 'Check that every stream, file and URL of the message can be read, and that every plugin of the transporter works.',
  },
  withheld: {
    code: 'ERR_MAILGUN_STORE',
    fault: 'connection',
    problem: 'The final dot was withheld, as the mark of the message could not be kept.',
    cure: 'Mailgun did not accept the message: check the store, then send again.',
  },
}

/** What ends an attempt whose dot may have left: the code tells who ended it. */
const codesAfterDot: Readonly<Partial<Record<FailureReason, DeliveryErrorCode>>> = {
  aborted: 'ERR_MAILGUN_ABORTED',
  closed: 'ERR_MAILGUN_SHUTDOWN',
}

/** What is known of a message that was handed over whole, when no reply came that can be read. */
export const unknownOutcome: NotTaken = {
  outcome: 'unknown',
  code: 'ERR_MAILGUN_UNKNOWN_OUTCOME',
  fault: 'connection',
  retryable: false,
  problem:
    'The whole message was handed over and no reply came: you cannot tell whether Mailgun accepted it.',
  cure: "Look for its Message-ID in Mailgun's log before you send again: sending again can cause a second copy.",
}

/** What an attempt that no reply ended says of its recipients. */
export function failureVerdict(
  failure: SessionFailure,
  { stage, isDotWritten }: { readonly stage: SessionStage; readonly isDotWritten: boolean },
  login: Login,
): NotTaken {
  const { reason, path } = failure
  const cause = causeOf(failure)
  if (isDotWritten) {
    return { ...unknownOutcome, code: codesAfterDot[reason] ?? unknownOutcome.code, ...cause }
  }
  const row: NotTaken = { outcome: 'deferred', retryable: true, ...reasons[reason], ...cause }
  if (reason === 'login-not-offered') return { ...row, cure: loginCure(login.host) }
  if (reason === 'deadline' && stage === 'body') {
    return {
      ...row,
      problem: 'The body was not handed over within its deadline (deadlines.body).',
    }
  }
  if (reason === 'content' && path !== undefined && /^[\w.[\]]{1,200}$/.test(path)) {
    return { ...row, problem: `${path} of the message could not be read.` }
  }
  return row
}

function causeOf({ code }: SessionFailure): Pick<Verdict, 'cause'> {
  return code !== undefined && /^\w{1,64}$/.test(code) ? { cause: { code } } : {}
}
