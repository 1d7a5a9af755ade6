import { DeliveryError, MailgunError } from '../outcome/errors.ts'
import type { Receipt } from '../outcome/receipt.ts'
import { countsOf, type OutcomeCounts, type RecipientList } from '../outcome/recipient-list.ts'
import { channels } from './channels.ts'
import { logTo, type Logger } from './logger.ts'
import { metrics } from './metrics.ts'
import type {
  SendEnd,
  SendInfo,
  SendObservation,
  SendObserver,
  SendRetry,
  SendStart,
} from './send-events.ts'
import { spans } from './spans.ts'

/** What a mailer tells of one send. Nothing of it throws. */
export interface SendWatch {
  /** An attempt begins, the first being 1. */
  attempt(attempt: number, port?: number): void
  /** It failed, and another follows after so many milliseconds. */
  retry(error: DeliveryError, delayMs: number): void
  end(receipt: Receipt): void
  fail(error: unknown): void
}

/** Who is told besides diagnostics channels and OpenTelemetry. */
export interface ObservabilitySettings {
  readonly logger?: Logger | undefined
  readonly observers?: readonly SendObserver[] | undefined
}

/** Tells diagnostics channels, OpenTelemetry, a logger and the caller's observers of a mailer's sends, each only if it has a listener. */
export class Observability {
  readonly #observers: readonly SendObserver[]
  readonly #reported = new Set<SendObserver>()

  constructor({ logger, observers = [] }: ObservabilitySettings = {}) {
    this.#observers = [channels, spans, metrics, ...(logger ? [logTo(logger)] : []), ...observers]
  }

  /**
   * A send begins. It is called where the send is: a span's parent is the caller's.
   *
   * @param describe Returns what is known of it. Called only if there is a listener.
   */
  start(describe: () => SendInfo): SendWatch {
    const listening: SendObserver[] = []
    for (const observer of this.#observers) {
      this.#guard(observer, () => {
        if (observer.listens?.() ?? true) listening.push(observer)
      })
    }
    return listening.length > 0 ? this.#watch(describe(), listening) : unwatched
  }

  #watch(info: SendInfo, observers: readonly SendObserver[]): SendWatch {
    const { messageId, recipients, host, tags, batch } = info
    // Field by field: no event can hold more of the message than its type says.
    const start: SendStart = Object.freeze({
      messageId,
      recipients,
      host,
      tags,
      ...(batch ? { batch: Object.freeze({ chunk: batch.chunk }) } : {}),
    })
    const observations: (readonly [SendObserver, SendObservation])[] = []
    for (const observer of observers) {
      this.#guard(observer, () => {
        const observation = observer.start(start)
        if (observation) observations.push([observer, observation])
      })
    }
    return new WatchedSend(start, (tell) => {
      for (const [observer, observation] of observations) {
        this.#guard(observer, () => tell(observation))
      }
    })
  }

  /** A fault of who watches must not become a fault of the mail: it is reported once, and the next send is told again. */
  #guard(observer: SendObserver, tell: () => unknown): void {
    try {
      const told = tell()
      // An async function of the caller's rejects later.
      if (told instanceof Promise) told.catch((error: unknown) => this.#report(observer, error))
    } catch (error) {
      this.#report(observer, error)
    }
  }

  #report(observer: SendObserver, error: unknown): void {
    if (this.#reported.has(observer)) return
    this.#reported.add(observer)
    process.emitWarning(
      `${observer.name} failed while it followed a send. The send goes on. ${String(error)}`,
      'MailgunObserverWarning',
    )
  }
}

const unwatched: SendWatch = {
  attempt: () => undefined,
  retry: () => undefined,
  end: () => undefined,
  fail: () => undefined,
}

class WatchedSend implements SendWatch {
  readonly #start: SendStart
  readonly #tell: (tell: (observation: SendObservation) => unknown) => void
  readonly #startedAt = performance.now()
  #attempts = 0
  #port: number | undefined

  constructor(start: SendStart, tell: (tell: (observation: SendObservation) => unknown) => void) {
    this.#start = start
    this.#tell = tell
  }

  attempt(attempt: number, port?: number): void {
    this.#attempts = attempt
    this.#port = port
  }

  retry({ code, fault, reply }: DeliveryError, delayMs: number): void {
    const event: SendRetry = Object.freeze({
      ...this.#start,
      attempt: this.#attempts,
      delayMs,
      code,
      fault,
      ...(reply ? { replyCode: reply.code } : {}),
    })
    this.#tell((observation) => observation.retry?.(event))
  }

  end({ recipients, reply }: Receipt): void {
    this.#settle({ outcome: 'accepted', ...countsIn(recipients), replyCode: reply.code })
  }

  fail(error: unknown): void {
    this.#settle(failureOf(error))
  }

  #settle(ending: Ending): void {
    const event: SendEnd = Object.freeze({
      ...this.#start,
      durationMs: performance.now() - this.#startedAt,
      attempts: this.#attempts,
      ...(this.#port === undefined ? {} : { port: this.#port }),
      ...ending,
    })
    this.#tell((observation) => observation.end?.(event))
  }
}

type Ending = Omit<SendEnd, keyof SendInfo | 'durationMs' | 'attempts' | 'port'>

/** The list of recipients in numbers. */
function countsIn(recipients: RecipientList): OutcomeCounts & { readonly refused: number } {
  const counts = countsOf(recipients)
  return { ...counts, refused: recipients.length - counts.accepted }
}

/** What an error says of the send in codes and counts; its words stay with the caller. */
function failureOf(error: unknown): Ending {
  if (error instanceof DeliveryError) {
    const { outcome, code, fault, retryable, reply, recipients } = error
    return {
      outcome,
      code,
      fault,
      retryable,
      ...countsIn(recipients),
      ...(reply ? { replyCode: reply.code } : {}),
    }
  }
  if (error instanceof MailgunError) return { outcome: 'invalid', code: error.code }
  // An error of another package does not tell its outcome.
  return { outcome: 'unknown' }
}
