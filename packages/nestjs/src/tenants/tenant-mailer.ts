import type {
  BatchSettings,
  BatchSummary,
  ComposedMessage,
  Mailer,
  MailgunMessage,
  MailgunOptions,
  Receipt,
  Recipients,
  SendSettings,
  VerifySettings,
} from '@mailgun-smtp/core'
import type { TenantConfig, TenantMailers } from './tenant-mailers.ts'

/** A mailer without `close`, which belongs to the code that created it. */
export type SendingMailer = Omit<Mailer, 'close' | 'with' | 'withDefaults' | symbol> & {
  with(options: MailgunOptions): SendingMailer
  withDefaults(options: MailgunOptions): SendingMailer
}

/** Adds options to a mailer. */
export type Derivation = (mailer: SendingMailer) => SendingMailer

/** Sends through the mailer that a tenant has at each call: it may be closed and made again in between. */
export class TenantMailer implements SendingMailer {
  readonly #mailers: TenantMailers
  readonly #tenant: string
  readonly #config: TenantConfig
  readonly #derive: Derivation

  constructor(
    mailers: TenantMailers,
    tenant: string,
    config: TenantConfig,
    derive: Derivation = (mailer) => mailer,
  ) {
    this.#mailers = mailers
    this.#tenant = tenant
    this.#config = config
    this.#derive = derive
  }

  send(message: MailgunMessage | ComposedMessage, settings: SendSettings = {}): Promise<Receipt> {
    const { idempotencyKey } = settings
    const own =
      idempotencyKey === undefined
        ? settings
        : { ...settings, idempotencyKey: this.#keyOf(idempotencyKey) }
    return this.#use((mailer) => mailer.send(message, own))
  }

  sendBatch(
    message: MailgunMessage,
    recipients: Recipients,
    settings: BatchSettings = {},
  ): Promise<BatchSummary> {
    const { key } = settings
    const own = key === undefined ? settings : { ...settings, key: this.#keyOf(key) }
    return this.#use((mailer) => mailer.sendBatch(message, recipients, own))
  }

  compose(message: MailgunMessage): ComposedMessage {
    return this.#derive(this.#mailers.mailerOf(this.#tenant, this.#config)).compose(message)
  }

  settle(idempotencyKey: string, outcome: 'accepted' | 'rejected'): Promise<void> {
    return this.#use((mailer) => mailer.settle(this.#keyOf(idempotencyKey), outcome))
  }

  verify(settings?: VerifySettings): Promise<true> {
    return this.#use((mailer) => mailer.verify(settings))
  }

  with(options: MailgunOptions): SendingMailer {
    return this.#deriving((mailer) => mailer.with(options))
  }

  withDefaults(options: MailgunOptions): SendingMailer {
    return this.#deriving((mailer) => mailer.withDefaults(options))
  }

  #deriving(derive: Derivation): TenantMailer {
    const before = this.#derive
    return new TenantMailer(this.#mailers, this.#tenant, this.#config, (mailer) =>
      derive(before(mailer)),
    )
  }

  #use<Result>(call: (mailer: SendingMailer) => Promise<Result>): Promise<Result> {
    return this.#mailers.use(this.#tenant, this.#config, (mailer) => call(this.#derive(mailer)))
  }

  /** Tenants share a store, and must not share a key in it. A value that is not a string is refused where keys are checked. */
  #keyOf(key: string): string {
    return typeof key === 'string' ? `${encodeURIComponent(this.#tenant)}/${key}` : key
  }
}
