import type { IncomingMessage, ServerResponse } from 'node:http'
import { ConfigError, type Mailer, type MailgunOptions } from '@mailgun-smtp/core'
import { responseInScope } from './request-layers.ts'

/** `defaults` that are a function of the request, for `res.mail` and for services that know nothing of the request. */
export class RequestDefaults<Request extends IncomingMessage> {
  /** Sends with the defaults of the request that the running call serves; outside of a request, without any. */
  readonly mailer: Mailer
  readonly #given: Mailer
  readonly #defaults: (req: Request) => MailgunOptions

  constructor(given: Mailer, defaults: (req: Request) => MailgunOptions) {
    this.#given = given
    this.#defaults = defaults
    this.mailer = forwarding(given, (mailer) => {
      const res = responseInScope()
      return res ? this.#with(mailer, res) : mailer
    })
  }

  /** The mailer for the mails of a response. */
  mailerFor(res: ServerResponse): Mailer {
    return this.#with(this.#given, res)
  }

  #with(mailer: Mailer, res: ServerResponse): Mailer {
    // The request is what Express hands to its handlers.
    const options = this.#defaults(res.req as Request)
    // A promise has no options of its own, and would set none without a word.
    if (typeof Reflect.get(Object(options), 'then') === 'function') {
      throw new ConfigError(
        'defaults of mailgun() takes no async function: fetch what it needs in a middleware before the handler.',
      )
    }
    return mailer.withDefaults(options)
  }
}

/** A mailer whose messages are sent by the one that `current` makes of it at that moment. */
function forwarding(mailer: Mailer, current: (mailer: Mailer) => Mailer): Mailer {
  const changed: Partial<Mailer> = {
    // Async, so that every failure is a rejection.
    send: async (message, settings) => await current(mailer).send(message, settings),
    sendBatch: async (message, recipients, settings) =>
      await current(mailer).sendBatch(message, recipients, settings),
    compose: (message) => current(mailer).compose(message),
    with: (options) => forwarding(mailer.with(options), current),
    withDefaults: (options) => forwarding(mailer.withDefaults(options), current),
  }
  // All else is the mailer's own, which is bound to it: its fields are private.
  return new Proxy(mailer, {
    get(target, key) {
      const own: unknown = Reflect.get(changed, key) ?? Reflect.get(target, key)
      return typeof own === 'function' ? own.bind(target) : own
    },
  })
}
