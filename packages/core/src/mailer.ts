import type { Headers, SendMailOptions, SentMessageInfo, Transporter } from 'nodemailer'
import { attachMailgun, type MailgunTransporter } from './attach.ts'
import type { MailgunConfig } from './config.ts'
import { ConfigError, MailgunError } from './errors.ts'
import { toDeliveryError } from './failure.ts'
import { headerEntries, headerKey } from './header-entries.ts'
import { loginOf } from './login.ts'
import { mergeOptions } from './merge.ts'
import { markMerged } from './merged.ts'
import { invalid, readMessage, type MailgunMessage } from './message.ts'
import type { MailgunOptions } from './options.ts'
import { readReceipt, type Receipt } from './receipt.ts'
import { scopeLayers } from './scope.ts'
import { createMailgunTransport } from './transport.ts'

/** Settings of one send, apart from the message. */
export interface SendSettings {
  /** Ends the send. Aborted after the whole message was handed over, its outcome is `unknown`. */
  readonly signal?: AbortSignal | undefined
}

/** Sends messages through Mailgun. Mailers made from another by `with` share its connection: closing one closes all. */
export interface Mailer extends AsyncDisposable {
  /**
   * Sends a message, once. Each text of an address field is one address.
   *
   * @throws {InvalidOptionError} before anything is sent, naming the field.
   * @throws {DeliveryError} if it was not accepted, or nobody knows whether it was.
   * @throws {ConfigError} for a wrong environment, or after `close`.
   */
  send(message: MailgunMessage, settings?: SendSettings): Promise<Receipt>
  /** A mailer whose messages get these options, over the scope's and under their own. */
  with(options: MailgunOptions): Mailer
  /** A mailer whose messages get these options, under the scope's: a module's or a middleware's defaults. */
  withDefaults(options: MailgunOptions): Mailer
  /**
   * Connects and logs in, and sends nothing.
   *
   * @throws {DeliveryError} if that fails, with the cure.
   */
  verify(): Promise<true>
  /** Takes no more messages, waits for those being sent, and closes the connection. Closing twice is closing once. */
  close(): Promise<void>
}

const brand = Symbol.for('@mailgun-smtp/core/mailer')

/** Whether it is a mailer, of this or another copy of the package. */
export function isMailer(value: unknown): value is Mailer {
  return typeof value === 'object' && value !== null && Reflect.get(value, brand) === true
}

/**
 * Creates a mailer from a config, its URL or a nodemailer transporter; with no argument from the environment, which is
 * read at the first send.
 *
 * @throws {ConfigError} if the config cannot lead to a connection. Nothing is opened before the first send.
 */
export function createMailer(config?: MailgunConfig | string | Transporter): Mailer {
  const open = isTransporter(config)
    ? () => attachMailgun(config)
    : () => createMailgunTransport(config) as MailgunTransporter
  const connection = new Connection(open)
  // A given config is wrong at once; the environment only when it is needed, as a build has none.
  if (config !== undefined) connection.transporter()
  return new ConnectedMailer(connection, [], [])
}

function isTransporter(config: unknown): config is Transporter {
  return (
    typeof config === 'object' &&
    config !== null &&
    typeof Reflect.get(config, 'sendMail') === 'function'
  )
}

/** The transporter that a family of mailers shares, opened once and closed once. */
class Connection {
  readonly #open: () => MailgunTransporter
  readonly #sending = new Set<Promise<unknown>>()
  #transporter: MailgunTransporter | undefined
  #closed: Promise<void> | undefined

  constructor(open: () => MailgunTransporter) {
    this.#open = open
  }

  transporter(): MailgunTransporter {
    if (this.#closed) {
      throw new ConfigError(
        'The mailer is closed; create another, or close it later.',
        'ERR_MAILGUN_CLOSED',
      )
    }
    return (this.#transporter ??= this.#open())
  }

  async track<Result>(work: Promise<Result>): Promise<Result> {
    this.#sending.add(work)
    try {
      return await work
    } finally {
      this.#sending.delete(work)
    }
  }

  close(): Promise<void> {
    return (this.#closed ??= this.#drain())
  }

  async #drain(): Promise<void> {
    await Promise.allSettled(this.#sending)
    this.#transporter?.close()
  }
}

class ConnectedMailer implements Mailer {
  readonly #connection: Connection
  readonly #defaults: readonly MailgunOptions[]
  readonly #options: readonly MailgunOptions[]

  constructor(
    connection: Connection,
    defaults: readonly MailgunOptions[],
    options: readonly MailgunOptions[],
  ) {
    this.#connection = connection
    this.#defaults = defaults
    this.#options = options
    Object.defineProperty(this, brand, { value: true })
  }

  async send(message: MailgunMessage, settings: SendSettings = {}): Promise<Receipt> {
    const transporter = this.#connection.transporter()
    const data: SendMailOptions & MailgunMessage = {
      ...readMessage(withDefaultFields(message, transporter._defaults)),
      mailgun: markMerged(
        mergeOptions(
          (transporter._defaults as MailgunMessage).mailgun,
          ...this.#defaults,
          ...scopeLayers(),
          ...this.#options,
          message.mailgun,
        ),
      ),
      ...(settings.signal ? { signal: settings.signal } : {}),
    }
    const info = await this.#connection.track(sendOnce(transporter, data))
    return readReceipt(info)
  }

  with(options: MailgunOptions): Mailer {
    return new ConnectedMailer(this.#connection, this.#defaults, [...this.#options, options])
  }

  withDefaults(options: MailgunOptions): Mailer {
    return new ConnectedMailer(this.#connection, [...this.#defaults, options], this.#options)
  }

  async verify(): Promise<true> {
    const transporter = this.#connection.transporter()
    try {
      await this.#connection.track(transporter.verify())
      return true
    } catch (error) {
      throw truthful(error, transporter, { built: true })
    }
  }

  close(): Promise<void> {
    return this.#connection.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}

/** The message with the defaults' fields under its own. Its headers are a list of its own: nodemailer writes into them. */
function withDefaultFields(message: MailgunMessage, defaults: SendMailOptions): MailgunMessage {
  const fields = definedFields(message)
  const own = headerEntries(fields.headers)
  const names = new Set(own.map(({ key }) => headerKey(key)))
  const inherited = headerEntries(defaults.headers).filter(({ key }) => !names.has(headerKey(key)))
  return { ...defaults, ...fields, headers: [...inherited, ...own] as Headers }
}

function definedFields(message: MailgunMessage): MailgunMessage {
  if (typeof message !== 'object' || message === null || Array.isArray(message)) {
    throw invalid('message', 'must be an object')
  }
  return Object.fromEntries(Object.entries(message).filter(([, value]) => value !== undefined))
}

async function sendOnce(
  transporter: MailgunTransporter,
  data: MailgunMessage,
): Promise<SentMessageInfo> {
  try {
    return await transporter.sendMail(data)
  } catch (error) {
    throw truthful(error, transporter, { built: false })
  }
}

/** An error from before or beside the inner send: nothing was handed over. */
function truthful(
  error: unknown,
  transporter: MailgunTransporter,
  { built }: { readonly built: boolean },
): MailgunError {
  if (error instanceof MailgunError) return error
  return toDeliveryError(error instanceof Error ? error : new Error('The send failed.'), {
    login: loginOf(transporter),
    built,
    handedOver: false,
    addresses: [],
  })
}
