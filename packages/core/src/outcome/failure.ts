import type { NodemailerError } from 'nodemailer'
import { connectionFailure, loginCure } from './connection-failures.ts'
import { DeliveryError, type DeliveryCause, type DeliveryFailure } from './errors.ts'
import { secretsOf, type Login } from './login.ts'
import type { RefusedRecipient, Reply } from './outcome.ts'
import { mailgunReplies, stageReplies, type Stage } from './replies.ts'

/** What is known of a send when it fails. */
export interface SendContext {
  readonly login: Login
  /** Whether the message was built; a plugin may fail before. */
  readonly built: boolean
  /** Whether the whole body left this process. From then on only a reply can tell its outcome. */
  readonly handedOver: boolean
  /** The envelope's addresses: no error shows them. */
  readonly addresses: readonly string[]
  readonly messageId?: string | undefined
}

/** Says truthfully what the outcome of a send is that failed in nodemailer. */
export function toDeliveryError(error: NodemailerError, context: SendContext): DeliveryError {
  const cause = causeOf(error)
  const base = { attempts: 1, messageId: context.messageId, cause }
  const secrets = [...secretsOf(context.login), ...context.addresses]
  const heard = heardIn(error, secrets)
  if (heard) return refusal(error, heard, heardRefusals(error, secrets), context.login, base)
  if (context.handedOver) {
    return new DeliveryError({
      ...base,
      ...unknownOutcome,
      code: error.code === 'EABORT' ? 'ERR_MAILGUN_ABORTED' : 'ERR_MAILGUN_UNKNOWN_OUTCOME',
    })
  }
  const { built, login } = context
  return new DeliveryError({ ...base, ...connectionFailure(error, { built, host: login.host }) })
}

/** What is said when all of a message was handed over and no reply came that can be read. */
export const unknownOutcome: Pick<
  DeliveryFailure,
  'outcome' | 'fault' | 'retryable' | 'message' | 'cure'
> = {
  outcome: 'unknown',
  fault: 'connection',
  retryable: false,
  message:
    'The whole message was handed over and no reply came: you cannot tell whether Mailgun accepted it.',
  cure: "Look for its Message-ID in Mailgun's log before you send again: sending again can cause a second copy.",
}

/** A refusal as it was said, and as it may be shown. */
interface Heard {
  readonly words: string
  readonly reply: Reply
}

interface HeardRefusal extends Heard {
  readonly recipient: RefusedRecipient
}

function refusal(
  error: NodemailerError,
  heard: Heard,
  refused: readonly HeardRefusal[],
  login: Login,
  base: { attempts: number; messageId: string | undefined; cause: DeliveryCause },
): DeliveryError {
  const deferred = refused.find(({ recipient }) => recipient.outcome === 'deferred')
  const stage = stageOf(error)
  // Of several refused recipients, one that may be taken later decides: nothing was taken, and that one must not be lost.
  const decisive = deferred ?? heard
  const { reply, words } = decisive
  const { code, fault, outcome, retryable, cure } = classify(stage, decisive)
  return new DeliveryError({
    ...base,
    code,
    fault,
    outcome,
    retryable,
    reply,
    refused: refused.map(({ recipient }) => recipient),
    retryAfter: dateIn(words),
    message: `${stageReplies[stage].says}: ${reply.code} ${reply.text}`.trim().replace(/\.?$/, '.'),
    cure: cure || loginCure(login.host, login.pass),
  })
}

/** What a reply says about the message: by Mailgun's words first, otherwise by its class. */
function classify(
  stage: Stage,
  { words, reply }: Heard,
): Pick<DeliveryError, 'code' | 'outcome' | 'fault' | 'retryable' | 'cure'> {
  const known = mailgunReplies.find((row) => row.stages.includes(stage) && row.text.test(words))
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
  return heardRefusals(error, secrets).map(({ recipient }) => recipient)
}

function heardRefusals(
  error: { readonly rejectedErrors?: readonly NodemailerError[] | undefined },
  secrets: readonly string[],
): HeardRefusal[] {
  return (error.rejectedErrors ?? []).flatMap((one) => {
    const heard = heardIn(one, secrets)
    if (!heard || one.recipient === undefined) return []
    const { outcome } = classify('rcpt', heard)
    const { reply } = heard
    return [
      {
        ...heard,
        recipient: {
          address: one.recipient,
          outcome: outcome === 'rejected' ? outcome : 'deferred',
          reply,
        },
      },
    ]
  })
}

/** Only 4yz and 5yz refuse (RFC 5321 §4.2.1): any other number says nothing of the message. */
function heardIn(error: NodemailerError, secrets: readonly string[]): Heard | undefined {
  const { responseCode, response = '' } = error
  if (typeof responseCode !== 'number' || responseCode < 400 || responseCode > 599) return undefined
  return { words: wordsOf(response), reply: readReply(response, responseCode, secrets) }
}

/** A reply as this package shows it: one line, without addresses and secrets. */
export function readReply(response: string, code: number, secrets: readonly string[]): Reply {
  return { code, text: blank(wordsOf(response), secrets).slice(0, 500) }
}

function wordsOf(response: string): string {
  return response
    .split(/\r?\n/)
    .map((line) => line.replace(/^\d{3}[ -]?/, ''))
    .join(' ')
    .trim()
}

function blank(text: string, secrets: readonly string[]): string {
  const shown = secrets
    .filter((secret) => secret.length > 2)
    .reduce((blanked, secret) => blanked.replaceAll(secret, '…'), text)
    .replace(/<?[^\s<>:,;]+@[^\s<>:,;]+>?/g, '<address>')
  // A server may name a user without the domain.
  const users = new Set(
    secrets.map(userOf).filter((user) => user !== undefined && shown.includes(user)),
  )
  if (users.size === 0) return shown
  return shown.replace(/[^\s<>:,;"'()[\]]+/g, (word) => (users.has(word) ? '…' : word))
}

function userOf(address: string): string | undefined {
  const at = address.lastIndexOf('@')
  return at < 3 ? undefined : address.slice(0, at)
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
