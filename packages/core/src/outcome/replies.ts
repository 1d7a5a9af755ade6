import type { DeliveryErrorCode } from './errors.ts'
import type { Fault } from './outcome.ts'

/** Where in the session a reply came (RFC 5321 §3). */
export type Stage = 'connect' | 'starttls' | 'auth' | 'mail' | 'rcpt' | 'data' | 'final'

/** What a reply of Mailgun's means, where its text says more than its code. */
export interface ReplyRow {
  readonly stages: readonly Stage[]
  readonly text: RegExp
  readonly code: DeliveryErrorCode
  readonly outcome: 'rejected' | 'deferred'
  readonly fault: Fault
  readonly retryable: boolean
  readonly cure: string
  /** Where the text was seen, and when. */
  readonly evidence: string
}

// 'connect' too: nodemailer takes a 421 that answers a pipelined command for the end of the session.
const policy: readonly Stage[] = ['connect', 'auth', 'mail', 'rcpt', 'data', 'final']

/**
 * Mailgun refuses by policy with `421 Domain … is not allowed to send: <reason>` in place of 354, for permanent reasons too,
 * so the text decides and not the code. The first row that fits counts.
 */
export const mailgunReplies: readonly ReplyRow[] = [
  {
    stages: policy,
    text: /try again after\s|limited to \d+ messages|enabled in \d+ seconds/i,
    code: 'ERR_MAILGUN_QUOTA',
    outcome: 'deferred',
    fault: 'account',
    retryable: true,
    cure: 'The quota of the account or the domain is used up: send again after retryAfter, or raise it.',
    evidence: '421 recipient limit exceeded, seen 2025-10; 535 probation, seen 2018',
  },
  {
    stages: policy,
    text: /sandbox subdomains are for test purposes only/i,
    code: 'ERR_MAILGUN_ACCOUNT',
    outcome: 'rejected',
    fault: 'account',
    retryable: false,
    cure: "A sandbox domain sends to authorised recipients only: add the address in Mailgun's control panel, or send from a domain of your own.",
    evidence: '421, seen 2020 to 2025',
  },
  {
    stages: policy,
    text: /free accounts are for test purposes only/i,
    code: 'ERR_MAILGUN_ACCOUNT',
    outcome: 'rejected',
    fault: 'account',
    retryable: false,
    cure: 'The account has no plan: choose one, or add the address to the authorised recipients.',
    evidence: '421, seen 2020 to 2025',
  },
  {
    stages: policy,
    text: /activate your mailgun account/i,
    code: 'ERR_MAILGUN_ACCOUNT',
    outcome: 'rejected',
    fault: 'account',
    retryable: false,
    cure: 'Activate the account with the link in its activation mail.',
    evidence: '421, seen 2020 to 2025',
  },
  {
    stages: policy,
    text: /not allowed to send|account (?:is )?(?:disabled|inactiv|terminated)|domain .*(?:unverified|dns)/i,
    code: 'ERR_MAILGUN_ACCOUNT',
    outcome: 'rejected',
    fault: 'account',
    retryable: false,
    cure: "Mailgun does not let the domain send: its page in Mailgun's control panel says why.",
    evidence: '421 prefix, seen 2020 to 2025; further reasons from the HTTP API',
  },
  {
    stages: ['mail', 'rcpt'],
    text: /cannot parse (?:to|from) address/i,
    code: 'ERR_MAILGUN_RECIPIENT',
    outcome: 'rejected',
    fault: 'recipient',
    retryable: false,
    cure: 'Mailgun cannot read the address: check that it is one plain address.',
    evidence: 'documented; 501 at RCPT seen 2018 and 2022',
  },
  {
    stages: ['rcpt'],
    text: /relaying denied/i,
    code: 'ERR_MAILGUN_AUTH',
    outcome: 'deferred',
    fault: 'account',
    retryable: false,
    cure: 'The session had no login: set auth in the config.',
    evidence: 'documented; seen 2023',
  },
  {
    stages: ['final'],
    text: /failed to parse header/i,
    code: 'ERR_MAILGUN_REFUSED',
    outcome: 'deferred',
    fault: 'message',
    retryable: true,
    cure: 'Mailgun could not read the headers: send again later, because it has accepted such messages later.',
    evidence: '451, seen 2022 after hundreds of good messages',
  },
]

/** What a reply means by its stage and class alone, if none of Mailgun's known words match. */
export interface StageRow {
  readonly code: DeliveryErrorCode
  readonly fault: Fault
  /** Whether a 5xx here refuses the message for ever; before MAIL it says nothing of the message. */
  readonly permanentRejects: boolean
  readonly says: string
  readonly cure: string
}

/** Any server's replies, by stage. */
export const stageReplies: Readonly<Record<Stage, StageRow>> = {
  connect: {
    code: 'ERR_MAILGUN_CONNECTION',
    fault: 'connection',
    permanentRejects: false,
    says: 'The server refused the session',
    cure: "Check that the host and the port are Mailgun's, and that it serves your IP address.",
  },
  starttls: {
    code: 'ERR_MAILGUN_TLS',
    fault: 'connection',
    permanentRejects: false,
    says: 'The connection could not be encrypted',
    cure: 'Nothing was sent unencrypted. The server does not offer STARTTLS, or a device in between removes it: try port 465.',
  },
  auth: {
    code: 'ERR_MAILGUN_AUTH',
    fault: 'account',
    permanentRejects: false,
    says: 'Mailgun refused the login',
    cure: '',
  },
  mail: {
    code: 'ERR_MAILGUN_REFUSED',
    fault: 'message',
    permanentRejects: true,
    says: 'The sender was refused',
    cure: 'Check the from address, and that its domain may send.',
  },
  rcpt: {
    code: 'ERR_MAILGUN_RECIPIENT',
    fault: 'recipient',
    permanentRejects: true,
    says: 'Every recipient was refused',
    cure: 'The error\'s "refused" has the reply for each.',
  },
  data: {
    code: 'ERR_MAILGUN_REFUSED',
    fault: 'message',
    permanentRejects: true,
    says: 'The message was refused before its body',
    cure: 'The reply says why.',
  },
  final: {
    code: 'ERR_MAILGUN_REFUSED',
    fault: 'message',
    permanentRejects: true,
    says: 'The message was refused',
    cure: 'The reply says why.',
  },
}
