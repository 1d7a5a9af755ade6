import { DeliveryError, restate, type DeliveryFailure } from './errors.ts'
import { unknownOutcome } from './failure.ts'

type Halt = Pick<DeliveryFailure, 'code' | 'message' | 'cure'> & Partial<DeliveryFailure>

/** The names of what ends a send from this side. */
export type HaltName =
  | 'aborted'
  | 'shutdown'
  | 'queueFull'
  | 'rateLimit'
  | 'untilBody'
  | 'verify'
  | 'verifyAborted'
  | 'body'

/** What ends a send from this side while nothing was handed over. */
const halts: Readonly<Record<HaltName, Halt>> = {
  aborted: {
    code: 'ERR_MAILGUN_ABORTED',
    message: 'The send was aborted before the whole message was handed over.',
    cure: 'Mailgun did not accept the message: it is safe to send again.',
  },
  shutdown: {
    code: 'ERR_MAILGUN_SHUTDOWN',
    message: 'The mailer was closed before the message was handed over.',
    cure: 'Mailgun did not accept the message: send it again with another mailer.',
  },
  queueFull: {
    code: 'ERR_MAILGUN_QUEUE_FULL',
    message: 'Too many messages are waiting to be sent.',
    cure: 'Send fewer at once, await what is being sent, or raise maxQueue.',
  },
  rateLimit: {
    code: 'ERR_MAILGUN_RATE_LIMIT',
    message: 'The rate limit would make the message wait longer than rateLimit.maxWait.',
    cure: 'Send it again after retryAfter, or raise rateLimit.',
  },
  untilBody: {
    code: 'ERR_MAILGUN_TIMEOUT',
    message: 'The server did not ask for the body within its deadline (deadlines.untilBody).',
    cure: 'Mailgun did not accept the message: it is safe to send again.',
  },
  verify: {
    code: 'ERR_MAILGUN_TIMEOUT',
    message: 'The login did not end in time (timeout, or deadlines.untilBody).',
    cure: 'Check the host and the port, and that no firewall blocks SMTP.',
  },
  verifyAborted: {
    code: 'ERR_MAILGUN_ABORTED',
    message: 'The login was aborted.',
    cure: 'Nothing was sent.',
  },
  body: {
    code: 'ERR_MAILGUN_TIMEOUT',
    message: 'The body was not handed over within its deadline (deadlines.body).',
    cure: 'Mailgun did not accept the message: it is safe to send again.',
  },
}

/** Nothing was taken. */
export function halted(name: HaltName, more: Partial<DeliveryFailure> = {}): DeliveryError {
  return new DeliveryError({
    outcome: 'deferred',
    fault: 'connection',
    retryable: true,
    attempts: 0,
    ...halts[name],
    ...more,
  })
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
  return halted('rateLimit', {
    fault: 'account',
    ...(wait !== Infinity && { retryAfter: new Date(Date.now() + wait) }),
  })
}

/** All of it was handed over, and this side waits no longer. */
export function leftUnknown(code: DeliveryFailure['code'], messageId?: string): DeliveryError {
  return new DeliveryError({
    ...unknownOutcome,
    code,
    attempts: 1,
    messageId,
  })
}
