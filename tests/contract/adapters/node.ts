import { createMailer, withMailgunOptions } from '@mailgun-smtp/core'
import type { OpenAdapter } from './adapter.ts'

/** Plain Node: a mailer. */
export const openNode: OpenAdapter = async (config) => {
  const mailer = createMailer(config)
  return {
    send: (message) => mailer.send(message),
    sendWithin: (options, message) => withMailgunOptions(options, () => mailer.send(message)),
    [Symbol.asyncDispose]: () => mailer.close(),
  }
}
