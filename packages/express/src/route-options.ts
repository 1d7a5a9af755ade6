import { IncomingMessage, type ServerResponse } from 'node:http'
import { buildHeaders, ConfigError, type MailgunOptions } from '@mailgun-smtp/core'
import { addLayer } from './request-layers.ts'

/** What {@link mailgunOptions} returns: a `RequestHandler` of Express 4 and 5. */
export type OptionsMiddleware<Request extends IncomingMessage = IncomingMessage> = (
  req: Request,
  res: ServerResponse,
  next: (error?: unknown) => void,
) => void

/**
 * Sets Mailgun's options for every mail sent by what runs after it in the request, however deep:
 * `app.use` for all routes, `router.use` for a router, or among the handlers of one route.
 *
 * Later ones merge over earlier ones; a mail's own `mailgun` merges over them all.
 *
 * @throws {InvalidOptionError} at once, for fixed options that no mail could carry.
 */
export function mailgunOptions<Request extends IncomingMessage = IncomingMessage & Express.Request>(
  options: MailgunOptions | ((req: Request) => MailgunOptions),
): OptionsMiddleware<Request> {
  if (options instanceof IncomingMessage) {
    throw new ConfigError(
      'mailgunOptions is not a middleware, it creates one: write mailgunOptions({ … }).',
    )
  }
  if (typeof options !== 'function') buildHeaders(options)
  return (req, res, next) => {
    const layer = typeof options === 'function' ? options(req) : options
    // A promise has no options of its own, and would set none without a word.
    if (typeof Reflect.get(Object(layer), 'then') === 'function') {
      throw new ConfigError(
        'mailgunOptions does not take an async function: load what it needs in a middleware before it.',
      )
    }
    addLayer(res, layer, () => next())
  }
}
