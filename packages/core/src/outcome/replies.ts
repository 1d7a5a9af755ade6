import type { SessionStage } from '../session/transaction-record.ts'
import type { DeliveryErrorCode } from './errors.ts'
import type { FaultParty } from './outcome.ts'

/** What a reply of Mailgun's means, where its words say more than its code. */
export interface ReplyRow {
  readonly stages: readonly SessionStage[]
  readonly words: RegExp
  /** The same in words that hold nothing of the message: what an error shows. */
  readonly text: string
  readonly code: DeliveryErrorCode
  readonly outcome: 'rejected' | 'deferred'
  readonly fault: FaultParty
  readonly retryable: boolean
  readonly cure: string
  /** Where the words were seen, and when. */
  readonly evidence: string
}

// 'connect' too: nodemailer takes a 421 that answers a pipelined command for the end of the session.
const policy: readonly SessionStage[] = [
  'connect',
  'greeting',
  'auth',
  'mail',
  'rcpt',
  'data',
  'body',
  'final',
]

/**
 * Mailgun refuses by policy with `421 Domain … is not allowed to send: <reason>` in place of 354, for permanent reasons too,
 * so the words decide and not the code. The first row that fits counts.
 */
export const mailgunReplies: readonly ReplyRow[] = [
  {
    stages: policy,
    words: /try again after\s|limited to \d+ messages|enabled in \d+ seconds/i,
    text: 'recipient limit exceeded',
    code: 'ERR_MAILGUN_QUOTA',
    outcome: 'deferred',
    fault: 'account',
    retryable: true,
    cure: 'The quota of the account or the domain is used up: send again after retryAfter, or raise it.',
    evidence: '421 recipient limit exceeded, seen 2025-10; 535 probation, seen 2018',
  },
  {
    stages: policy,
    words: /sandbox subdomains are for test purposes only/i,
    text: 'Sandbox subdomains are for test purposes only',
    code: 'ERR_MAILGUN_ACCOUNT',
    outcome: 'rejected',
    fault: 'account',
    retryable: false,
    cure: "A sandbox domain sends to authorised recipients only: add the address in Mailgun's control panel, or send from a domain of your own.",
    evidence: '421, seen 2020 to 2025',
  },
  {
    stages: policy,
    words: /free accounts are for test purposes only/i,
    text: 'Free accounts are for test purposes only',
    code: 'ERR_MAILGUN_ACCOUNT',
    outcome: 'rejected',
    fault: 'account',
    retryable: false,
    cure: 'The account has no plan: choose one, or add the address to the authorised recipients.',
    evidence: '421, seen 2020 to 2025',
  },
  {
    stages: policy,
    words: /activate your mailgun account/i,
    text: 'Please activate your Mailgun account',
    code: 'ERR_MAILGUN_ACCOUNT',
    outcome: 'rejected',
    fault: 'account',
    retryable: false,
    cure: 'Activate the account with the link in its activation mail.',
    evidence: '421, seen 2020 to 2025',
  },
  {
    stages: policy,
    words:
      /not allowed to send|account (?:is )?(?:disabled|inactiv|terminated)|domain .*(?:unverified|dns)/i,
    text: 'the domain is not allowed to send',
    code: 'ERR_MAILGUN_ACCOUNT',
    outcome: 'rejected',
    fault: 'account',
    retryable: false,
    cure: "Mailgun does not let the domain send: its page in Mailgun's control panel says why.",
    evidence: '421 prefix, seen 2020 to 2025; further reasons from the HTTP API',
  },
  {
    stages: ['mail', 'rcpt'],
    words: /cannot parse (?:to|from) address/i,
    text: 'cannot parse the address',
    code: 'ERR_MAILGUN_RECIPIENT',
    outcome: 'rejected',
    fault: 'recipient',
    retryable: false,
    cure: 'Mailgun cannot read the address: check that it is one plain address.',
    evidence: 'documented; 501 at RCPT seen 2018 and 2022',
  },
  {
    stages: ['rcpt'],
    words: /relaying denied/i,
    text: 'Relaying denied',
    code: 'ERR_MAILGUN_AUTH',
    outcome: 'deferred',
    fault: 'account',
    retryable: false,
    cure: 'The session had no login: set auth in the config.',
    evidence: 'documented; seen 2023',
  },
  {
    stages: ['final'],
    words: /failed to parse header/i,
    text: 'Failed to parse header',
    code: 'ERR_MAILGUN_REFUSED',
    outcome: 'deferred',
    fault: 'message',
    retryable: true,
    cure: 'Mailgun could not read the headers: send again later, because it has accepted such messages later.',
    evidence: '451, seen 2022 after hundreds of good messages',
  },
]

/** What a reply means by its stage and class alone, where no words of Mailgun's are known. */
export interface StageRow {
  readonly code: DeliveryErrorCode
  readonly fault: FaultParty
  /** Whether a 5yz here refuses the message for good. Before MAIL it says nothing of the message. */
  readonly permanentRejects: boolean
  readonly says: string
  readonly cure: string
}

const session: StageRow = {
  code: 'ERR_MAILGUN_CONNECTION',
  fault: 'connection',
  permanentRejects: false,
  says: 'The server refused the session',
  cure: "Check that the host and the port are Mailgun's, and that it serves your IP address.",
}

const message: StageRow = {
  code: 'ERR_MAILGUN_REFUSED',
  fault: 'message',
  permanentRejects: true,
  says: 'The message was refused',
  cure: 'The reply says why.',
}

/** Any server's replies, by stage. */
export const stageReplies: Readonly<Record<SessionStage, StageRow>> = {
  connect: session,
  greeting: session,
  ehlo: session,
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
    says: 'A recipient was refused',
    cure: 'The "recipients" of the error or the receipt have the reply for each.',
  },
  data: { ...message, says: 'The message was refused before its body' },
  body: message,
  final: message,
}
