import type { NodemailerError } from 'nodemailer'
import { connectionFailure, loginCure } from './connection-failures.ts'
import { DeliveryError, type DeliveryCause } from './errors.ts'
import { secretsOf, type Login } from './login.ts'
import type { RefusedRecipient, Reply } from './outcome.ts'
import { mailgunReplies, stageReplies, type Stage } from './replies.ts'

/** What is known of a send when it fails. */
export interface SendContext {
  readonly login: Login
  /** Whether the message was built; a plugin may fail before. */
  readonly built: boolean
  /** Whether the whole body left this process. From then on only a reply can tell what became of it. */
  readonly handedOver: boolean
  /** The envelope's addresses: no error shows them. */
  readonly addresses: readonly string[]
  readonly messageId?: string | undefined
}

/** Says truthfully what came of a send that failed in nodemailer. */
export function toDeliveryError(error: NodemailerError, context: SendContext): DeliveryError {
  const cause = causeOf(error)
  const base = { attempts: 1, messageId: context.messageId, cause }
  const secrets = [...secretsOf(context.login), ...context.addresses]
  const reply = replyOf(error, secrets)
  // Only 4yz and 5yz refuse (RFC 5321 §4.2.1): another reply to the final dot says nothing of the message.
  if (reply && (reply.code >= 400 || !context.handedOver))
    return refusal(error, reply, refusedRecipients(error, secrets), context.login, base)
  if (context.handedOver) {
    return new DeliveryError({
      ...base,
      code: error.code === 'EABORT' ? 'ERR_MAILGUN_ABORTED' : 'ERR_MAILGUN_UNKNOWN_OUTCOME',
      outcome: 'unknown',
      fault: 'connection',
      retryable: false,
      message:
        'The whole message was handed over and no reply came: nobody knows whether it was taken.',
      cure: "Look for its Message-ID in Mailgun's log before sending again; sending again may give a second copy.",
    })
  }
  const { built, login } = context
  return new DeliveryError({ ...base, ...connectionFailure(error, { built, host: login.host }) })
}

function refusal(
  error: NodemailerError,
  reply: Reply,
  refused: readonly RefusedRecipient[],
  login: Login,
  base: { attempts: number; messageId: string | undefined; cause: DeliveryCause },
): DeliveryError {
  const deferred = refused.find((recipient) => recipient.outcome === 'deferred')
  const stage = stageOf(error)
  // Of several refused recipients, one that may be taken later decides: nothing was taken, and that one must not be lost.
  const decisive = deferred?.reply ?? reply
  const { code, fault, outcome, retryable, cure } = classify(stage, decisive)
  return new DeliveryError({
    ...base,
    code,
    fault,
    outcome,
    retryable,
    reply: decisive,
    refused,
    retryAfter: dateIn(decisive.text),
    message: `${stageReplies[stage].says}: ${decisive.code} ${decisive.text}`
      .trim()
      .replace(/\.?$/, '.'),
    cure: cure || loginCure(login.host, login.pass),
  })
}

/** What a reply says of the message, by Mailgun's words first and by its class else. */
function classify(
  stage: Stage,
  reply: Reply,
): Pick<DeliveryError, 'code' | 'outcome' | 'fault' | 'retryable' | 'cure'> {
  const known = mailgunReplies.find(
    (row) => row.stages.includes(stage) && row.text.test(reply.text),
  )
  if (known) return known
  const row = stageReplies[stage]
  // 503 says that the session was in the wrong state, not that the message was wrong (RFC 5321 §4.2.2).
  const permanent = reply.code >= 500 && reply.code !== 503
  return {
    code: row.code,
    fault: row.fault,
    outcome: permanent && row.permanentRejects ? 'rejected' : 'deferred',
    retryable: !permanent,
    cure: row.cure,
  }
}

function stageOf({ code, command }: NodemailerError): Stage {
  if (code === 'EAUTH' || code === 'ENOAUTH') return 'auth'
  if (code === 'ETLS') return 'starttls'
  if (code === 'EMESSAGE') return 'final'
  if (code !== 'EENVELOPE') return 'connect'
  if (command === 'MAIL FROM') return 'mail'
  return command === 'RCPT TO' ? 'rcpt' : 'data'
}

/** The recipients that were refused, each with its own reply. */
export function refusedRecipients(
  error: { readonly rejectedErrors?: readonly NodemailerError[] | undefined },
  secrets: readonly string[],
): RefusedRecipient[] {
  return (error.rejectedErrors ?? []).flatMap((one) => {
    const reply = replyOf(one, secrets)
    if (!reply || one.recipient === undefined) return []
    const { outcome } = classify('rcpt', reply)
    return [
      { address: one.recipient, outcome: outcome === 'rejected' ? outcome : 'deferred', reply },
    ]
  })
}

function replyOf(error: NodemailerError, secrets: readonly string[]): Reply | undefined {
  if (typeof error.responseCode !== 'number') return undefined
  return readReply(error.response ?? '', error.responseCode, secrets)
}

/** A reply as this package shows it: one line, without addresses and secrets. */
export function readReply(response: string, code: number, secrets: readonly string[]): Reply {
  const text = response
    .split(/\r?\n/)
    .map((line) => line.replace(/^\d{3}[ -]?/, ''))
    .join(' ')
    .trim()
  return { code, text: blank(text, secrets).slice(0, 500) }
}

function blank(text: string, secrets: readonly string[]): string {
  return secrets
    .filter((secret) => secret.length > 2)
    .reduce((shown, secret) => shown.replaceAll(secret, '…'), text)
    .replace(/<?[^\s<>:,;]+@[^\s<>:,;]+>?/g, '<address>')
}

/** When the server says it may be tried again: a date, or a number of seconds from now. */
function dateIn(text: string): Date | undefined {
  const after = /try again after\s+(\w{3}, \d{1,2} \w{3} \d{4} \d\d:\d\d:\d\d) (?:UTC|GMT)/i.exec(
    text,
  )
  const seconds = /enabled in (\d{1,9}) seconds/i.exec(text)
  if (seconds) return new Date(Date.now() + Number(seconds[1]) * 1000)
  const date = after ? new Date(`${after[1]} GMT`) : undefined
  return date && !Number.isNaN(date.getTime()) ? date : undefined
}

function causeOf({ code, command, responseCode }: NodemailerError): DeliveryCause {
  return { code, command, responseCode }
}
