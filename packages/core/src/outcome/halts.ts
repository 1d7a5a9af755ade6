import { failureOf } from './conclusion.ts'
import { DeliveryError, restate, type DeliveryFailure } from './errors.ts'
import { failureVerdict, type NotTaken } from './failure-reasons.ts'

/** The names of what ends a send from this side, before an attempt or between two. */
export type HaltName =
  | 'aborted'
  | 'shutdown'
  | 'queueFull'
  | 'rateLimit'
  | 'verify'
  | 'verifyAborted'

const here = { stage: 'connect', isDotWritten: false } as const
const nowhere = { host: undefined, user: '', pass: '' }

const local = { outcome: 'deferred', fault: 'connection', retryable: true } as const

const halts: Readonly<Record<HaltName, NotTaken>> = {
  aborted: failureVerdict({ reason: 'aborted' }, here, nowhere),
  shutdown: failureVerdict({ reason: 'closed' }, here, nowhere),
  queueFull: {
    ...local,
    code: 'ERR_MAILGUN_QUEUE_FULL',
    problem: 'Too many messages are waiting to be sent.',
    cure: 'Send fewer at once, await what is being sent, or raise maxQueue.',
  },
  rateLimit: {
    ...local,
    code: 'ERR_MAILGUN_RATE_LIMIT',
    fault: 'account',
    problem: 'The rate limit would make the message wait longer than rateLimit.maxWait.',
    cure: 'Send it again after retryAfter, or raise rateLimit.',
  },
  verify: {
    ...local,
    code: 'ERR_MAILGUN_TIMEOUT',
    problem: 'The login did not end in time (timeout, or deadlines.untilBody).',
    cure: 'Check the host and the port, and that no firewall blocks SMTP.',
  },
  verifyAborted: {
    ...local,
    code: 'ERR_MAILGUN_ABORTED',
    problem: 'The login was aborted.',
    cure: 'Nothing was sent.',
  },
}

/** Nothing was taken. */
export function halted(name: HaltName, more: Partial<DeliveryFailure> = {}): DeliveryError {
  return new DeliveryError({ ...failureOf(halts[name]), attempts: 0, ...more })
}

/** A send that its own timeout ended, while nothing was handed over. */
export function timedOut(aborted: DeliveryError): DeliveryError {
  return restate(aborted, {
    code: 'ERR_MAILGUN_TIMEOUT',
    message: 'The send did not end within its timeout.',
    cure: 'Mailgun did not accept the message: send it again, with a longer timeout if you can.',
  })
}

/** No turn for so many milliseconds. */
export function rateLimited(wait: number): DeliveryError {
  return halted('rateLimit', wait === Infinity ? {} : { retryAfter: new Date(Date.now() + wait) })
}
