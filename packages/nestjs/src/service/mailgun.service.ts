import {
  ConfigError,
  type BatchReport,
  type BatchSettings,
  type BatchSummary,
  type ComposedMessage,
  type MailgunMessage,
  type MailgunOptions,
  type Receipt,
  type Recipients,
  type SendSettings,
  type VerifySettings as CoreVerifySettings,
} from '@mailgun-smtp/core'
import { Inject, Injectable } from '@nestjs/common'
import type { Observable } from 'rxjs'
import { TenantMailer, type Derivation, type SendingMailer } from '../tenants/tenant-mailer.ts'
import type { TenantMailers } from '../tenants/tenant-mailers.ts'
import { abortable } from './abortable.ts'
import { RESOLVED_OPTIONS, type ServiceParts } from './service-parts.ts'
import {
  isTemplated,
  renderMessage,
  type AnyTemplates,
  type PlainMessage,
  type TemplateMessage,
} from '../templates/templates.ts'

/** One recipient of a batch, and how far the batch is with it. */
export interface BatchProgress {
  readonly report: BatchReport
  /** The numbers so far, this report included. */
  readonly soFar: BatchSummary
}

/** Settings of {@link MailgunService.verify}. */
export interface VerifySettings extends CoreVerifySettings {
  /** @deprecated The same as `timeout`. */
  readonly within?: number | undefined
}

/**
 * Sends mail through one mailer of the application. The class is the token of the mailer without a name.
 *
 * `Templates` maps the names of the application's templates to their contexts.
 */
@Injectable()
export class MailgunService<Templates extends object = AnyTemplates> {
  readonly #parts: ServiceParts
  readonly #mailer: SendingMailer

  constructor(@Inject(RESOLVED_OPTIONS) parts: ServiceParts) {
    this.#parts = parts
    this.#mailer = parts.mailer
  }

  /**
   * Sends a message. It resolves when Mailgun has taken it.
   *
   * @throws {InvalidOptionError} before anything is sent, for an option or a field that cannot be sent as meant.
   * @throws {ConfigError} if the config cannot lead to a connection, or the application has shut down.
   * @throws {DeliveryError} with the outcome `rejected`, `deferred` or `unknown`.
   */
  async send(
    message: PlainMessage | ComposedMessage | TemplateMessage<Templates>,
    settings?: SendSettings,
  ): Promise<Receipt> {
    const plain = isTemplated(message) ? await this.#render(message) : message
    return await this.#mailer.send(plain, settings)
  }

  /**
   * Sends the message anew for each subscription, which gets one receipt or the error of {@link send}.
   *
   * The options of the scope are those where `send$` is called, wherever it is subscribed to.
   * Unsubscribing aborts the send.
   */
  send$(
    message: PlainMessage | ComposedMessage | TemplateMessage<Templates>,
    settings: SendSettings = {},
  ): Observable<Receipt> {
    return abortable(settings.signal, async (signal, next) => {
      next(await this.send(message, { ...settings, signal }))
    })
  }

  /**
   * Sends one message to any number of recipients, to each a copy of their own with their own variables.
   * A template is rendered once: what differs by recipient is a variable in it.
   *
   * @throws {InvalidOptionError} for a message or a setting that is wrong, before anything is sent.
   * @throws {BatchError} if it stopped before the end: who has no report was sent nothing.
   */
  async sendBatch(
    message: PlainMessage | TemplateMessage<Templates>,
    recipients: Recipients,
    settings?: BatchSettings,
  ): Promise<BatchSummary> {
    const plain = isTemplated(message) ? await this.#render(message) : message
    return await this.#mailer.sendBatch(plain, recipients, settings)
  }

  /**
   * Sends the batch anew for each subscription, which hears of every recipient. Unsubscribing stops the batch.
   *
   * With a `key`, subscribing again goes on where it stopped. Recipients that can be read once, as from a generator,
   * serve one subscription.
   */
  sendBatch$(
    message: PlainMessage | TemplateMessage<Templates>,
    recipients: Recipients,
    settings: Omit<BatchSettings, 'onReport'> = {},
  ): Observable<BatchProgress> {
    return abortable(settings.signal, async (signal, next) => {
      const onReport = (report: BatchReport, soFar: BatchSummary): void => next({ report, soFar })
      await this.sendBatch(message, recipients, { ...settings, signal, onReport })
    })
  }

  /**
   * The message as plain data for a queue's job, with all options that hold now. `send` takes it as it is.
   * That of a template is a promise.
   *
   * @throws {InvalidOptionError} naming what cannot be sent, or not be plain data.
   */
  compose(message: PlainMessage): ComposedMessage
  compose(message: TemplateMessage<Templates>): Promise<ComposedMessage>
  compose(
    message: PlainMessage | TemplateMessage<Templates>,
  ): ComposedMessage | Promise<ComposedMessage> {
    return isTemplated(message)
      ? this.#render(message).then((plain) => this.#mailer.compose(plain))
      : this.#mailer.compose(message)
  }

  /** A service with these options: above those of the scope, below the message's own. */
  with(options: MailgunOptions): MailgunService<Templates> {
    return this.#deriving((mailer) => mailer.with(options))
  }

  /** A service with these options: below those of the scope. `MailgunModule.forFeature()` gives a module such a service. */
  withDefaults(options: MailgunOptions): MailgunService<Templates> {
    return this.#deriving((mailer) => mailer.withDefaults(options))
  }

  /**
   * The service of one tenant. Its mailer is made from `MailgunModule.forRoot({ tenants })` when it is first needed,
   * stays open while the tenant is among the `maxTenants` used last, and is closed with the application.
   * Idempotency keys are the tenant's own.
   *
   * @param tenant The tenant's key: 1 to 200 printable characters. It is passed to `tenants`, and shown to no server.
   * @throws {InvalidOptionError} if the key is not such a string.
   * @throws {ConfigError} if the module has no `tenants`, there is no such tenant, its config cannot lead to a
   *   connection, or the application has shut down. What `tenants` itself throws is thrown on.
   */
  async for(tenant: string): Promise<MailgunService<Templates>> {
    const { derive } = this.#parts
    const tenants = this.#tenants()
    const mailer = new TenantMailer(tenants, tenant, await tenants.configOf(tenant))
    return new MailgunService({ ...this.#parts, mailer: derive?.(mailer) ?? mailer })
  }

  /**
   * Closes the mailer of a tenant, once its sends have ended, so that `for()` looks up its config again: after a new
   * password, say. A service that you hold from before keeps the old config.
   *
   * @throws {ConfigError} if the module has no `tenants`.
   */
  async forget(tenant: string): Promise<void> {
    await this.#tenants().forget(tenant)
  }

  /**
   * Records the real outcome of a send that ended as `unknown`.
   *
   * @throws {InvalidOptionError} if there is no such send under the key.
   */
  settle(idempotencyKey: string, outcome: 'accepted' | 'rejected'): Promise<void> {
    return this.#mailer.settle(idempotencyKey, outcome)
  }

  /**
   * Connects and logs in, and sends nothing.
   *
   * @throws {DeliveryError} with the cause and the cure.
   * @throws {ConfigError} if the config cannot lead to a connection.
   * @throws {InvalidOptionError} for a wrong setting.
   */
  verify({ within, timeout = within, signal }: VerifySettings = {}): Promise<true> {
    return this.#mailer.verify({ timeout, signal })
  }

  #deriving(add: Derivation): MailgunService<Templates> {
    const before = this.#parts.derive
    const derive: Derivation = (mailer) => add(before?.(mailer) ?? mailer)
    return new MailgunService({ ...this.#parts, mailer: add(this.#mailer), derive })
  }

  #tenants(): TenantMailers {
    if (this.#parts.tenants) return this.#parts.tenants
    throw new ConfigError(
      'MailgunService.for() needs MailgunModule.forRoot({ tenants }): a function that returns the config of a tenant.',
    )
  }

  #render(message: TemplateMessage<Templates>): Promise<MailgunMessage> {
    return renderMessage(message, this.#parts.templates)
  }
}
