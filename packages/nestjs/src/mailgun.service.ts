import { AsyncLocalStorage } from 'node:async_hooks'
import type {
  Mailer,
  MailgunMessage,
  MailgunOptions,
  Receipt,
  SendSettings,
} from '@mailgun-smtp/core'
import { Inject, Injectable } from '@nestjs/common'
import { Observable } from 'rxjs'
import { RESOLVED_OPTIONS } from './mailgun.module-options.ts'

/** Sends mail through one mailer of the application. The class is the token of the mailer without a name. */
@Injectable()
export class MailgunService {
  readonly #mailer: Mailer

  constructor(@Inject(RESOLVED_OPTIONS) { mailer }: { readonly mailer: Mailer }) {
    this.#mailer = mailer
  }

  /**
   * Sends a message. It resolves when Mailgun has taken it.
   *
   * @throws {InvalidOptionError} before anything is sent, for an option or a field that cannot be sent as meant.
   * @throws {ConfigError} if the config cannot lead to a connection, or the application has shut down.
   * @throws {DeliveryError} with the outcome `rejected`, `deferred` or `unknown`.
   */
  send(message: MailgunMessage, settings?: SendSettings): Promise<Receipt> {
    return this.#mailer.send(message, settings)
  }

  /**
   * Sends the message anew for each subscription, which gets one receipt or the error of {@link send}.
   *
   * The options of the scope are those where `send$` is called, wherever it is subscribed to.
   * Unsubscribing aborts the send.
   */
  send$(message: MailgunMessage, settings?: SendSettings): Observable<Receipt> {
    const mailer = this.#mailer
    const here = AsyncLocalStorage.snapshot()
    return new Observable((subscriber) => {
      const unsubscribed = new AbortController()
      const signal = settings?.signal
        ? AbortSignal.any([settings.signal, unsubscribed.signal])
        : unsubscribed.signal
      here(() => mailer.send(message, { ...settings, signal })).then(
        (receipt) => {
          subscriber.next(receipt)
          subscriber.complete()
        },
        (error: unknown) => subscriber.error(error),
      )
      return () => unsubscribed.abort()
    })
  }

  /** A service with these options: above those of the scope, under the message's own. */
  with(options: MailgunOptions): MailgunService {
    return new MailgunService({ mailer: this.#mailer.with(options) })
  }

  /**
   * Connects and logs in.
   *
   * @throws {DeliveryError} saying what is wrong and the cure.
   * @throws {ConfigError} if the config cannot lead to a connection.
   */
  verify(): Promise<true> {
    return this.#mailer.verify()
  }
}
