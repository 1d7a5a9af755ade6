import type { IncomingMessage, ServerResponse } from 'node:http'
import { ConfigError, DeliveryError, type MailgunMessage } from '@mailgun-smtp/core'

/** Where a mail comes from that was to be sent after the response. */
export interface LaterContext<Request extends IncomingMessage = IncomingMessage> {
  readonly req: Request
  readonly res: ServerResponse
  /** The message; `undefined` if it was not made yet. */
  readonly message: MailgunMessage | undefined
}

/** Told of each mail that failed after the response. */
export type OnError<Request extends IncomingMessage = IncomingMessage> = (
  error: unknown,
  context: LaterContext<Request>,
) => unknown

/** One mail for after the response. */
export interface DeferredMail {
  readonly res: ServerResponse
  /** The message; `undefined` as long as it is not made. */
  message: MailgunMessage | undefined
  readonly send: () => Promise<unknown>
}

interface Pending {
  readonly settled: Promise<void>
  /** Refuses the mail if it still waits for its response. */
  readonly abandon: () => void
}

/** The mails of one `mailgun()` that are sent after their responses: so many at most, and none of them forgotten. */
export class LaterMails<Request extends IncomingMessage> {
  readonly #bound: number
  readonly #onError: OnError<Request>
  readonly #pending = new Set<Pending>()
  #isClosed = false

  constructor(bound: number, onError: OnError<Request>) {
    this.#bound = bound
    this.#onError = onError
  }

  /** Sends the mail when its response has ended. Never throws: failures are told to `onError`. */
  add(mail: DeferredMail): void {
    if (this.#isClosed) return void this.#tell(closedError(), mail)
    if (this.#pending.size >= this.#bound) return void this.#tell(queueFull(), mail)
    let abandon = (): void => {}
    const turn = new Promise<void>((resolve, reject) => {
      abandon = () => reject(shutdown())
      void ended(mail.res).then(resolve)
    })
    const pending: Pending = {
      abandon,
      settled: turn
        .then(mail.send)
        .then(
          () => {},
          (error: unknown) => this.#tell(error, mail),
        )
        .finally(() => this.#pending.delete(pending)),
    }
    this.#pending.add(pending)
  }

  /** Resolves when no mail is left, those included that were added meanwhile. */
  async idle(): Promise<void> {
    while (this.#pending.size > 0)
      await Promise.all([...this.#pending].map(({ settled }) => settled))
  }

  /** Takes no more, and waits so many milliseconds for those there are. Those whose response has not ended then are refused. */
  async drain(within: number): Promise<void> {
    this.#isClosed = true
    let timer: NodeJS.Timeout | undefined
    const timeout = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, within)
    })
    await Promise.race([this.idle(), timeout])
    clearTimeout(timer)
    for (const { abandon } of this.#pending) abandon()
  }

  async #tell(error: unknown, { res, message }: DeferredMail): Promise<void> {
    try {
      // Not within the call of `later`, which would let an error of its own reach the handler.
      await Promise.resolve()
      // The request is what this app's framework hands to its handlers.
      await this.#onError(error, { req: res.req as Request, res, message })
    } catch (fault) {
      process.emitWarning(
        `onError failed for a mail. ${fault instanceof Error ? fault.name : ''}`.trim(),
        'MailgunObserverWarning',
      )
    }
  }
}

const endings = new WeakMap<ServerResponse, Promise<void>>()

/** The end of a response: answered, or its client gone. One listener a response, however many mails wait for it. */
function ended(res: ServerResponse): Promise<void> {
  const known = endings.get(res)
  if (known) return known
  const ending = new Promise<void>((resolve) => {
    if (res.writableFinished || res.destroyed) resolve()
    res.once('finish', resolve).once('close', resolve)
  })
  endings.set(res, ending)
  return ending
}

const nothingTaken = {
  outcome: 'deferred',
  fault: 'connection',
  retryable: true,
  attempts: 0,
} as const

function queueFull(): DeliveryError {
  return new DeliveryError({
    ...nothingTaken,
    code: 'ERR_MAILGUN_QUEUE_FULL',
    message: 'Too many mails are waiting to be sent after their responses.',
    cure: 'Await res.mail(), or raise maxPending.',
  })
}

function shutdown(): DeliveryError {
  return new DeliveryError({
    ...nothingTaken,
    code: 'ERR_MAILGUN_SHUTDOWN',
    message: 'mailgun() was closed before the response had ended.',
    cure: 'Mailgun did not accept the message: close the server first, as attach(server) does.',
  })
}

/** `mailgun()` takes no more mails. */
export function closedError(): ConfigError {
  return new ConfigError('mailgun() is closed; close it after the server.', 'ERR_MAILGUN_CLOSED')
}
