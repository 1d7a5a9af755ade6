import { withMailgunOptions } from '@mailgun-smtp/core'
import { defineMailer } from '@mailgun-smtp/next'
import type { OpenAdapter } from './adapter.ts'

/** Next.js: the mailer that its actions share. */
export const openNext: OpenAdapter = async (config) => {
  const mailer = defineMailer(() => config, { name: crypto.randomUUID() })
  return {
    send: (message) => mailer.send(message),
    sendWithin: (options, message) => withMailgunOptions(options, () => mailer.send(message)),
    [Symbol.asyncDispose]: () => mailer.close(),
  }
}
