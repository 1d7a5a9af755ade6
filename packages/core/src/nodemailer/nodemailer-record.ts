import type { NodemailerError, SentMessageInfo } from 'nodemailer'
import type {
  FailureReason,
  RecipientRecord,
  ServerReply,
  SessionFailure,
  SessionStage,
  TransactionRecord,
} from '../session/transaction-record.ts'

/** What is known of a send through nodemailer's own client when it ends. */
export interface NodemailerSend {
  readonly messageId: string
  readonly envelope: { readonly from: string | false; readonly to: readonly string[] }
  /** Whether the message was built. A plugin may fail before. */
  readonly isBuilt: boolean
  /** Whether the body was asked for: the session was logged in by then. */
  readonly isSourceRead: boolean
  /** Whether the whole body left this process. From then on only a reply can tell its outcome. */
  readonly isHandedOver: boolean
}

/** The facts of a send that nodemailer says was taken. */
export function recordOfInfo(info: SentMessageInfo, send: NodemailerSend): TransactionRecord {
  const rejected = repliesByRecipient(info.rejectedErrors as readonly NodemailerError[] | undefined)
  // A transport that is not SMTP says nothing of recipients, and has no reply. It took the message all the same.
  const accepted = new Set((info.accepted as readonly string[] | undefined) ?? send.envelope.to)
  return {
    ...factsOf(send),
    stage: 'final',
    recipients: send.envelope.to.map((address): RecipientRecord => {
      const reply = rejected.get(address) ?? (accepted.has(address) ? taken : undefined)
      return reply ? { address, reply } : { address }
    }),
    reply: replyIn(info.response ?? '') ?? taken,
    isDotWritten: true,
  }
}

const taken: ServerReply = { code: 250, lines: [] }

/** The facts of a send that failed in nodemailer. */
export function recordOfError(error: NodemailerError, send: NodemailerSend): TransactionRecord {
  const { responseCode, response = '' } = error
  // Only 4yz and 5yz refuse (RFC 5321 §4.2.1): any other number says nothing of the message.
  const isRefusal = typeof responseCode === 'number' && responseCode >= 400 && responseCode <= 599
  const reply = isRefusal ? (replyIn(response) ?? { code: responseCode, lines: [] }) : undefined
  const rejected = repliesByRecipient(error.rejectedErrors)
  const stage = stageOf(error, reply !== undefined, send)
  return {
    ...factsOf(send),
    stage,
    recipients: send.envelope.to.map((address): RecipientRecord => {
      const own = rejected.get(address) ?? (wasTaken(stage) ? taken : undefined)
      return own ? { address, reply: own } : { address }
    }),
    ...(reply
      ? { reply: { ...reply, code: responseCode ?? reply.code } }
      : { failure: failureOf(error, send) }),
    isDotWritten: send.isHandedOver && !(reply && stage !== 'final'),
  }
}

function factsOf({ messageId, envelope, isSourceRead }: NodemailerSend) {
  return { messageId, from: envelope.from || '', isSourceRead }
}

/** After DATA, every recipient that was not refused was accepted. */
function wasTaken(stage: SessionStage): boolean {
  return stage === 'data' || stage === 'body' || stage === 'final'
}

/** The reply in what nodemailer kept of it; `undefined` if it has no code of three digits. */
export function replyIn(response: string): ServerReply | undefined {
  const code = /^\d{3}(?=[ -]|$)/.exec(response)?.[0]
  if (code === undefined) return undefined
  const lines = response.split(/\r?\n/).map((line) => line.replace(/^\d{3}(?:[ -]|$)/, ''))
  return { code: Number(code), lines }
}

function repliesByRecipient(
  errors: readonly NodemailerError[] | undefined,
): ReadonlyMap<string, ServerReply> {
  const replies = new Map<string, ServerReply>()
  for (const { recipient, responseCode, response = '' } of errors ?? []) {
    if (recipient === undefined || typeof responseCode !== 'number') continue
    if (responseCode < 400 || responseCode > 599) continue
    replies.set(recipient, { lines: [], ...replyIn(response), code: responseCode })
  }
  return replies
}

function stageOf(
  { code, command }: NodemailerError,
  hasReply: boolean,
  send: NodemailerSend,
): SessionStage {
  if (send.isHandedOver && !hasReply) return 'final'
  if (code === 'EAUTH' || code === 'ENOAUTH') return 'auth'
  if (code === 'ETLS') return 'starttls'
  if (code === 'EMESSAGE') return 'final'
  if (code === 'EENVELOPE') {
    if (command === 'MAIL FROM') return 'mail'
    return command === 'RCPT TO' ? 'rcpt' : 'data'
  }
  return send.isSourceRead && !hasReply ? 'mail' : 'connect'
}

interface FailureRow {
  /** nodemailer's code, or the system's or OpenSSL's before it. */
  readonly codes: RegExp
  /** Words of the error that tell it from others with the code. They are never shown. */
  readonly words?: RegExp
  readonly reason: FailureReason
}

/** What ended a send, by nodemailer's error. The first row that fits counts. */
const failures: readonly FailureRow[] = [
  { codes: /^EABORT$/, reason: 'aborted' },
  { codes: /^EREQUIRETLS$/, reason: 'requiretls-not-offered' },
  {
    codes:
      /^(?:ESTREAM|EFILEACCESS|EURLACCESS|EFETCH|EMESSAGE|EENVELOPE|EOTP|ECONFIG|EMAXRECIPIENTS)$/,
    reason: 'content',
  },
  { codes: /./, words: /wrong version number/i, reason: 'tls-wrong-port' },
  {
    codes: /^ETLS$|^UPGRADE_TIMEOUT$/,
    words: /closed unexpectedly|timed out/i,
    reason: 'tls-lost',
  },
  {
    codes: /CERT|SELF_SIGNED|UNABLE_TO_(?:GET|VERIFY)|DEPTH_ZERO|HOSTNAME_MISMATCH|ERR_SSL|^ETLS$/,
    reason: 'tls-unverified',
  },
  { codes: /^(?:EDNS|ENOTFOUND|EAI_AGAIN)$/, reason: 'unresolved' },
  {
    codes: /^(?:ECONNREFUSED|CONNECT_TIMEOUT|GREETING_TIMEOUT|EHOSTUNREACH|ENETUNREACH)$/,
    reason: 'unreachable',
  },
  { codes: /^(?:ENOAUTH|EAUTH)$/, reason: 'login-not-offered' },
]

// nodemailer names the command whose answer it could not read; of a fault of its own it names none of these.
const answered = /^(?:MAIL FROM|RCPT TO|DATA)$/

function failureOf(error: NodemailerError, { isBuilt }: NodemailerSend): SessionFailure {
  const { code, originalCode, timeoutType, command = '', message } = error
  const system = originalCode ?? timeoutType ?? code
  const own = system === undefined ? {} : { code: system }
  if (!isBuilt && code !== 'EABORT') return { reason: 'content', ...own }
  if (answered.test(command) && /^E(?:ENVELOPE|MESSAGE)$/.test(code ?? '')) {
    return { reason: 'malformed', ...own }
  }
  const codes = [originalCode, timeoutType, code].filter((one) => one !== undefined)
  const row = failures.find(
    ({ codes: pattern, words }) =>
      codes.some((one) => pattern.test(one)) && (words?.test(message) ?? true),
  )
  return { reason: row?.reason ?? 'lost', ...own }
}
