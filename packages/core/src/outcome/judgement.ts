import type {
  RecipientRecord,
  ServerReply,
  SessionStage,
  TransactionRecord,
} from '../session/transaction-record.ts'
import { failureVerdict, unknownOutcome, type NotTaken } from './failure-reasons.ts'
import { loginCure, secretsOf, type Login } from './login.ts'
import type { RecipientResult, Verdict } from './outcome.ts'
import type { AttemptVerdicts } from './recipient-list.ts'
import { mailgunReplies, stageReplies } from './replies.ts'
import { describeReply, readReply, wordsOf } from './reply.ts'

/** Decides the outcome for each recipient of an attempt, from the attempt's facts alone. */
export function judge(record: TransactionRecord, login: Login): AttemptVerdicts {
  const whole = wholeVerdict(record, login)
  return {
    whole,
    recipients: record.recipients.map((one): RecipientResult => ({
      ...verdictOf(one, record, whole, login),
      address: one.address,
    })),
  }
}

/** What the end of an attempt says about the recipients that were not refused alone. */
function wholeVerdict(record: TransactionRecord, login: Login): Verdict {
  const { stage, reply, failure, isDotWritten } = record
  if (failure) return failureVerdict(failure, { stage, isDotWritten }, login)
  if (reply && reply.code >= 400) return refusal(stage, reply, login)
  if (reply && stage === 'final' && reply.code < 300) {
    return { outcome: 'accepted', retryable: false, reply: readReply(reply, secretsOf(login)) }
  }
  return failureVerdict({ reason: 'unexpected' }, { stage, isDotWritten }, login)
}

function verdictOf(
  { reply }: RecipientRecord,
  { stage, isDotWritten, failure }: TransactionRecord,
  whole: Verdict,
  login: Login,
): Verdict {
  // What was said of this one holds, however the attempt ended.
  if (reply && reply.code >= 400) return refusal('rcpt', reply, login)
  if (reply) return whole
  // Nothing was said of it: the server may count it among those it took the message for.
  if (isDotWritten) return unknownOutcome
  // A reply that refused another recipient says nothing about this one.
  if (stage === 'rcpt' && !failure && whole.outcome === 'rejected') {
    return failureVerdict({ reason: 'lost' }, { stage, isDotWritten }, login)
  }
  return whole
}

/** What a reply of 4yz or 5yz means: by Mailgun's words first, and otherwise by its stage and class. */
export function refusal(stage: SessionStage, answer: ServerReply, login: Login): NotTaken {
  const words = wordsOf(answer, [])
  const known = mailgunReplies.find((row) => row.stages.includes(stage) && row.words.test(words))
  const { says, ...row } = stageReplies[stage]
  const isPermanent = refusesForGood(stage, answer.code)
  const reply = readReply(answer, secretsOf(login), known?.text)
  const retryAfter = dateIn(words)
  const { code, fault, outcome, retryable, cure } = known ?? {
    ...row,
    outcome: isPermanent && row.permanentRejects ? ('rejected' as const) : ('deferred' as const),
    retryable: !isPermanent,
  }
  return {
    outcome,
    code,
    fault,
    retryable,
    reply,
    ...(retryAfter && { retryAfter }),
    problem: `${says}: ${describeReply(reply)}.`,
    cure: cure || loginCure(login.host, login.pass),
    cause: { command: commands[stage], responseCode: answer.code },
  }
}

/** What was answered, as an error's cause names it. */
const commands: Readonly<Record<SessionStage, string | undefined>> = {
  connect: undefined,
  greeting: undefined,
  ehlo: 'EHLO',
  starttls: 'STARTTLS',
  auth: 'AUTH',
  mail: 'MAIL FROM',
  rcpt: 'RCPT TO',
  data: 'DATA',
  body: 'DATA',
  final: 'DATA',
}

function refusesForGood(stage: SessionStage, code: number): boolean {
  // 503 says that the session was in the wrong state, not that the message was wrong (RFC 5321 §4.2.2).
  if (code < 500 || code === 503) return false
  // Too many recipients of one transaction: the rest goes with the next one (RFC 5321 §4.5.3.1.10).
  return !(stage === 'rcpt' && code === 552)
}

/** When the server says it may be tried again: a date, or a number of seconds from now. */
function dateIn(words: string): Date | undefined {
  const after = /try again after\s+(\w{3}, \d{1,2} \w{3} \d{4} \d\d:\d\d:\d\d) (?:UTC|GMT)/i.exec(
    words,
  )
  const seconds = /enabled in (\d{1,9}) seconds/i.exec(words)
  if (seconds) return new Date(Date.now() + Number(seconds[1]) * 1000)
  const date = after ? new Date(`${after[1]} GMT`) : undefined
  return date && !Number.isNaN(date.getTime()) ? date : undefined
}
