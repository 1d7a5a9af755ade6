import {
  ConfigError,
  InvalidOptionError,
  type DeliverySettings,
  type Mailer,
  type MailgunConfig,
} from '@mailgun-smtp/core'

/** The config of a tenant's mailer, or its URL, with other settings beside it or without. */
export type TenantConfig = MailgunConfig | (DeliverySettings & { readonly url: string }) | string

/** Looks up the config of a tenant's mailer: in a database, say. `undefined` if there is no such tenant. */
export type TenantConfigs = (
  tenant: string,
) => TenantConfig | undefined | Promise<TenantConfig | undefined>

/** What the mailers of tenants are made with. */
export interface TenantMailersSettings {
  readonly configs: TenantConfigs
  /** How many are kept open. */
  readonly limit: number
  /** @throws {ConfigError} if the config cannot make a mailer. */
  readonly create: (config: TenantConfig) => Mailer
  /** Closes one that no tenant needs now. */
  readonly close: (mailer: Mailer) => Promise<void>
}

interface OpenMailer {
  readonly config: TenantConfig
  readonly mailer: Mailer
  /** How many calls use it now. */
  uses: number
}

// One line of any log. It is a part of idempotency keys, which hold 255 characters at most.
const printable = /^[^\p{C}\p{Zl}\p{Zp}]{1,200}$/u

/** The mailers of tenants: each is made when it is first needed, and the least recently used is closed. */
export class TenantMailers {
  readonly #settings: TenantMailersSettings
  /** By tenant, the least recently used first. */
  readonly #open = new Map<string, OpenMailer>()
  readonly #lookups = new Map<string, Promise<TenantConfig>>()
  readonly #closing = new Set<Promise<void>>()
  #isClosed = false

  constructor(settings: TenantMailersSettings) {
    this.#settings = settings
  }

  /**
   * The config of a tenant, by the open mailer or looked up. Calls at one time share one lookup. Opens the mailer.
   *
   * @throws {InvalidOptionError} if the tenant is not a string of 1 to 200 printable characters.
   * @throws {ConfigError} if there is no such tenant, its config cannot make a mailer, or the application has shut down.
   */
  async configOf(tenant: string): Promise<TenantConfig> {
    checkTenant(tenant)
    const known = this.#open.get(tenant)?.config
    if (known !== undefined) return known
    const config = await this.#lookUp(tenant)
    this.#mailerOf(tenant, config)
    return config
  }

  /** Uses the tenant's mailer, which stays open meanwhile. It is made again if it was closed. */
  async use<Result>(
    tenant: string,
    config: TenantConfig,
    call: (mailer: Mailer) => Promise<Result>,
  ): Promise<Result> {
    const open = this.#mailerOf(tenant, config)
    open.uses += 1
    try {
      return await call(open.mailer)
    } finally {
      open.uses -= 1
      this.#closeIdle()
    }
  }

  /** The tenant's mailer, for a call that is over at once. */
  mailerOf(tenant: string, config: TenantConfig): Mailer {
    return this.#mailerOf(tenant, config).mailer
  }

  /** Closes the mailer of a tenant, once its calls have ended. Its config is looked up anew the next time. */
  async forget(tenant: string): Promise<void> {
    checkTenant(tenant)
    const open = this.#open.get(tenant)
    this.#open.delete(tenant)
    if (open) await this.#close(open.mailer)
  }

  /** Closes all, once their calls have ended. */
  async close(): Promise<void> {
    this.#isClosed = true
    for (const { mailer } of this.#open.values()) void this.#close(mailer)
    this.#open.clear()
    await Promise.all(this.#closing)
  }

  async #lookUp(tenant: string): Promise<TenantConfig> {
    const running = this.#lookups.get(tenant)
    if (running) return await running
    const lookup = (async () => {
      const config = await this.#settings.configs(tenant)
      if (config === undefined || config === null) {
        throw new ConfigError('tenants() returned no config for this tenant.')
      }
      return config
    })()
    this.#lookups.set(tenant, lookup)
    try {
      return await lookup
    } finally {
      this.#lookups.delete(tenant)
    }
  }

  #mailerOf(tenant: string, config: TenantConfig): OpenMailer {
    if (this.#isClosed) {
      throw new ConfigError(
        'The application has shut down, and its mailers are closed.',
        'ERR_MAILGUN_CLOSED',
      )
    }
    const found = this.#open.get(tenant)
    const open = found ?? { config, mailer: this.#settings.create(config), uses: 0 }
    // Last, as the most recently used.
    this.#open.delete(tenant)
    this.#open.set(tenant, open)
    if (!found) this.#closeIdle(open)
    return open
  }

  /** Closes the least recently used until no more are open than may be. One in use is never closed. */
  #closeIdle(needed?: OpenMailer): void {
    for (const [tenant, open] of this.#open) {
      if (this.#open.size <= this.#settings.limit) return
      if (open.uses > 0 || open === needed) continue
      this.#open.delete(tenant)
      void this.#close(open.mailer)
    }
  }

  #close(mailer: Mailer): Promise<void> {
    const closing = this.#settings.close(mailer)
    this.#closing.add(closing)
    const settled = (): void => void this.#closing.delete(closing)
    closing.then(settled, settled)
    return closing
  }
}

function checkTenant(tenant: unknown): void {
  if (typeof tenant !== 'string' || !printable.test(tenant)) {
    throw new InvalidOptionError('tenant', 'must be a string of 1 to 200 printable characters')
  }
}
