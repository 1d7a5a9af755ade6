import type { Headers, SendMailOptions, SentMessageInfo } from 'nodemailer'
import { attachMailgun } from '../nodemailer/attach.ts'
import type { NodemailerTransporter } from '../nodemailer/nodemailer-transporter.ts'
import type { BatchSummary } from '../batch/report.ts'
import { sendBatch, type ChunkSettings } from '../batch/send-batch.ts'
import type { BatchSettings } from '../batch/settings.ts'
import type { Recipients } from '../batch/source.ts'
import {
  composeMessage,
  isComposed,
  readComposed,
  type ComposedMessage,
} from '../message/compose.ts'
import { checkSettingsBeside, completeConfig, needsEnvironment } from '../config/complete-config.ts'
import type { MailgunConfig, DeliverySettings } from '../config/config.ts'
import { Connection } from './connection.ts'
import { lifetime, openRoute, routeOf, type Route } from './route.ts'
import { send } from './send.ts'
import { checkSettings } from '../config/mailer-settings.ts'
import type { SendSettings, VerifySettings } from './send-settings.ts'
import { verify } from './verify.ts'
import { headerEntries, headerKey } from '../message/header-entries.ts'
import { mergeOptions } from '../options/merge.ts'
import { markMerged } from '../options/merged.ts'
import { invalid } from '../message/invalid-message.ts'
import { refuseUnknownFields } from '../message/known-fields.ts'
import { readLateContent } from '../message/late-content.ts'
import { readMessage, type MailgunMessage } from '../message/message.ts'
import { withMessageId, type FinalMessage } from '../message/message-id.ts'
import type { MailgunOptions } from '../options/options.ts'
import type { Receipt } from '../outcome/receipt.ts'
import type { SettleSettings } from '../idempotency/settlement.ts'
import type { SendBatch } from '../observe/send-events.ts'
import { scopeLayers } from '../options/scope.ts'

/** Settings of `close`. */
export interface CloseSettings {
  /** How long messages that are being handed over may take to finish, in milliseconds. Default: 25,000 (25 seconds). */
  readonly timeout?: number | undefined
  /** @deprecated Use `timeout`. */
  readonly within?: number | undefined
}

/** Sends messages through Mailgun. Mailers made from another by `with` share its connection: closing one closes all. */
export interface Mailer extends AsyncDisposable {
  /**
   * Sends a message, once. Each string of an address field is one address.
   *
   * @throws {InvalidOptionError} before anything is sent, naming the field.
   * @throws {DeliveryError} if it was not accepted, or you cannot tell whether it was.
   * @throws {ConfigError} for a wrong environment, or after `close`.
   */
  send(message: MailgunMessage | ComposedMessage, settings?: SendSettings): Promise<Receipt>
  /**
   * Sends one message to any number of recipients, to each a copy of their own with their own variables. It reads
   * recipients only as fast as it sends, and reports each one. With a `key`, a batch that stopped can continue.
   *
   * @throws {InvalidOptionError} for a message or a setting that is wrong, before anything is sent.
   * @throws {BatchError} if it stopped before the end. Recipients without a report were sent nothing.
   */
  sendBatch(
    message: MailgunMessage,
    recipients: Recipients,
    settings?: BatchSettings,
  ): Promise<BatchSummary>
  /**
   * The message as plain data for a queue, with all options that apply now. `send` sends it as it is, without
   * adding a scope or defaults.
   *
   * @throws {InvalidOptionError} naming what cannot be sent, or not be plain data.
   */
  compose(message: MailgunMessage): ComposedMessage
  /** A mailer whose messages get these options, over the scope's and under their own. */
  with(options: MailgunOptions): Mailer
  /** A mailer whose messages get these options, under the scope's: a module's or a middleware's defaults. */
  withDefaults(options: MailgunOptions): Mailer
  /**
   * Records the real outcome of a send that ended as `unknown`, or of one of its recipients, after you have found it out. It
   * changes nothing that is known: settling twice with the same outcome does nothing.
   *
   * @param keyOrMessageId The idempotency key, or the Message-ID with or without its angle brackets. A store without `find`
   *   takes the key only.
   * @throws {InvalidOptionError} if it names no send, or one whose outcome is known.
   * @throws {DeliveryError} `ERR_MAILGUN_IN_FLIGHT` if the send has not ended; `ERR_MAILGUN_STORE` if the store failed.
   */
  settle(
    keyOrMessageId: string,
    outcome: 'accepted' | 'rejected',
    settings?: SettleSettings,
  ): Promise<void>
  /**
   * Connects and logs in, and sends nothing.
   *
   * @throws {DeliveryError} if the login fails, with the cure; `ERR_MAILGUN_TIMEOUT` if it did not end in time,
   * `ERR_MAILGUN_ABORTED` if the signal aborted.
   */
  verify(settings?: VerifySettings): Promise<true>
  /**
   * Accepts no more messages, lets those that are being handed over finish, and closes the connections. Messages that still
   * wait are `deferred` with the code `ERR_MAILGUN_SHUTDOWN`. A second call returns the promise of the first.
   */
  close(settings?: CloseSettings): Promise<void>
}

const brand = Symbol.for('@mailgun-smtp/core/mailer')

/** Whether it is a mailer, of this or another copy of the package. */
export function isMailer(value: unknown): value is Mailer {
  return typeof value === 'object' && value !== null && Reflect.get(value, brand) === true
}

/**
 * Creates a mailer from a config, a URL or a nodemailer transporter. Without an argument it uses the environment, which is
 * read at the first send.
 *
 * @param config A config, its URL or a transporter. Without `auth`, `region`, `host`, `port` and `secure`, a config
 *   leaves it to its `url` or to the environment where the server is and who logs in.
 * @param settings How messages are handed over, over the config's own. Beside a transporter: those of a mailer only.
 * @throws {ConfigError} if the config cannot lead to a connection. Nothing is opened before the first send.
 */
export function createMailer(
  config?: MailgunConfig | DeliverySettings | string | NodemailerTransporter,
  settings: DeliverySettings = {},
): Mailer {
  if (isTransporter(config)) {
    checkSettings(settings)
    // What it resolves with is read as a foreign value: its own type promises nothing.
    const transporter = attachMailgun(config as NodemailerTransporter<SentMessageInfo>)
    return mailerOver(new Connection(() => routeOf(transporter, settings), false))
  }
  checkSettingsBeside(config, settings)
  const connection = new Connection(() => openRoute(completeConfig(config, settings)), true)
  // The environment is read only when it is needed, as a build has none.
  if (needsEnvironment(config)) return new ConnectedMailer(connection, [], [])
  return mailerOver(connection)
}

/** What is given is wrong at once. */
function mailerOver(connection: Connection): Mailer {
  connection.route()
  return new ConnectedMailer(connection, [], [])
}

function isTransporter(config: unknown): config is NodemailerTransporter {
  return (
    typeof config === 'object' &&
    config !== null &&
    typeof Reflect.get(config, 'sendMail') === 'function'
  )
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

  send(message: MailgunMessage | ComposedMessage, settings: SendSettings = {}): Promise<Receipt> {
    return this.#connection.track(this.#send(message, settings))
  }

  async sendBatch(
    message: MailgunMessage,
    recipients: Recipients,
    settings: BatchSettings = {},
  ): Promise<BatchSummary> {
    const { store, carrier } = this.#connection.route()
    const mailer = {
      store,
      defaults: carrier.defaults,
      lifetime,
      send: (chunk: MailgunMessage, { batch, ...settings }: ChunkSettings) =>
        this.#connection.track(this.#send(chunk, settings, batch)),
    }
    return sendBatch(mailer, message, recipients, settings)
  }

  compose(message: MailgunMessage): ComposedMessage {
    return composeMessage(this.#final(message, this.#connection.route()))
  }

  settle(
    keyOrMessageId: string,
    outcome: 'accepted' | 'rejected',
    settings: SettleSettings = {},
  ): Promise<void> {
    return this.#connection.route().idempotency.settle(keyOrMessageId, outcome, settings)
  }

  with(options: MailgunOptions): Mailer {
    return new ConnectedMailer(this.#connection, this.#defaults, [...this.#options, options])
  }

  withDefaults(options: MailgunOptions): Mailer {
    return new ConnectedMailer(this.#connection, [...this.#defaults, options], this.#options)
  }

  async verify(settings?: VerifySettings): Promise<true> {
    const route = this.#connection.route()
    return this.#connection.track(verify(route, settings))
  }

  close(settings: CloseSettings = {}): Promise<void> {
    return this.#connection.close(settings.timeout ?? settings.within)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #send(
    message: MailgunMessage | ComposedMessage,
    settings: SendSettings,
    batch?: SendBatch,
  ): Promise<Receipt> {
    const route = this.#connection.route()
    const final = isComposed(message)
      ? withMessageId(readComposed(message, route.carrier.defaults))
      : this.#final(message, route)
    const late = readLateContent(final)
    if (late) await late
    return send(route, final, settings, batch)
  }

  /** The message with all that holds for it merged in, as it will leave. */
  #final(message: MailgunMessage, { carrier }: Route): FinalMessage {
    const data = readMessage(withDefaultFields(message, carrier.defaults))
    if (this.#connection.isOwn) refuseUnknownFields(message)
    return {
      ...withMessageId(data),
      mailgun: markMerged(
        mergeOptions(
          own(carrier.defaults as MailgunMessage, 'mailgun'),
          ...this.#defaults,
          ...scopeLayers(),
          ...this.#options,
          own(message, 'mailgun'),
        ),
      ),
    }
  }
}

/** The message with the defaults' fields under its own. Its headers are a list of its own: nodemailer writes into them. */
function withDefaultFields(message: MailgunMessage, defaults: SendMailOptions): MailgunMessage {
  if (typeof message !== 'object' || message === null || Array.isArray(message)) {
    throw invalid('message', 'must be an object')
  }
  const fields = Object.values(message).includes(undefined) ? definedFields(message) : message
  const given = headerEntries(own(fields, 'headers'))
  const names = new Set(given.map(({ key }) => headerKey(key)))
  const inherited = headerEntries(own(defaults, 'headers')).filter(
    ({ key }) => !names.has(headerKey(key)),
  )
  return { ...defaults, ...fields, headers: [...inherited, ...given] as Headers }
}

/** A field of an object itself: what a polluted prototype has is not the message's. */
function own<Holder extends object, Field extends keyof Holder>(
  holder: Holder,
  field: Field,
): Holder[Field] | undefined {
  return Object.hasOwn(holder, field) ? holder[field] : undefined
}

function definedFields(message: MailgunMessage): MailgunMessage {
  return Object.fromEntries(Object.entries(message).filter(([, value]) => value !== undefined))
}
