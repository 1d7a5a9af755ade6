import type { MailgunConfig, MailgunMessage, MailgunOptions, Receipt } from '@mailgun-smtp/core'

/** One way to send, as an application of its framework would. */
export interface Adapter extends AsyncDisposable {
  send(message: MailgunMessage): Promise<Receipt>
  /** Sends while options are in force around it: a scope, a route's options, a decorator. */
  sendWithin(options: MailgunOptions, message: MailgunMessage): Promise<Receipt>
}

/** Opens an adapter on a server; `defaults` lie under every message. */
export type OpenAdapter = (config: MailgunConfig) => Promise<Adapter>
