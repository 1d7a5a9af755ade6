import { ConfigError, MailgunError } from '@mailgun-smtp/core'
import { Inject, Injectable, Logger } from '@nestjs/common'
import { ModuleRef } from '@nestjs/core'
import { HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus'
import { reasonOf } from '../mailer/login-failure.ts'
import type { MailgunService } from '../service/mailgun.service.ts'
import { DEFAULT_NAME, getMailgunRootToken } from '../service/mailgun.tokens.ts'

/** Settings of a check. */
export interface MailgunPingSettings {
  /** The name of the mailer. Default: the mailer without a name. */
  readonly name?: string | undefined
  /** How long connecting and logging in may take, in milliseconds. Default: 3,000 (3 seconds). */
  readonly timeout?: number | undefined
  /** How long a result is reused, in milliseconds. 0 turns that off. Default: 30,000 (30 seconds). */
  readonly cacheFor?: number | undefined
}

interface Answer {
  /** The code alone: the sentence of an error may name the account and its domain, and anyone may ask for health. */
  readonly failure?: { readonly code: string }
  readonly responseTime: number
}

interface Kept {
  readonly answer: Promise<Answer>
  /** When it came, by `Date.now()`; none while it is on its way. */
  since: number | undefined
}

/** Says whether a mailer can log in. Checks at one time share one login, and an answer holds for a while. */
@Injectable()
export class MailgunHealthIndicator {
  readonly #health: HealthIndicatorService
  readonly #modules: ModuleRef
  readonly #kept = new Map<string, Kept>()

  constructor(
    @Inject(HealthIndicatorService) health: HealthIndicatorService,
    @Inject(ModuleRef) modules: ModuleRef,
  ) {
    this.#health = health
    this.#modules = modules
  }

  /**
   * Connects and logs in, and sends nothing.
   *
   * @throws {ConfigError} if there is no mailer of the name.
   */
  async pingCheck<const Key extends string>(
    key: Key,
    { name = DEFAULT_NAME, timeout = 3_000, cacheFor = 30_000 }: MailgunPingSettings = {},
  ): Promise<HealthIndicatorResult<Key>> {
    const mail = this.#serviceOf(name)
    const kept = this.#kept.get(name)
    const isFresh = kept?.since !== undefined && Date.now() - kept.since < cacheFor
    const isShared = kept !== undefined && (isFresh || kept.since === undefined)
    const { failure, responseTime } = await (isShared ? kept : this.#ask(name, mail, timeout))
      .answer
    const data = { ...failure, responseTime, ...(isFresh && { cachedResponse: true }) }
    const check = this.#health.check(key)
    return failure ? check.down(data) : check.up(data)
  }

  #serviceOf(name: string): MailgunService {
    try {
      return this.#modules.get<MailgunService>(getMailgunRootToken(name), { strict: false })
    } catch {
      throw new ConfigError(`There is no mailer '${name}' to check: see MailgunModule.forRoot().`)
    }
  }

  #ask(name: string, mail: MailgunService, timeout: number): Kept {
    const kept: Kept = {
      answer: login(name, mail, timeout).finally(() => {
        kept.since = Date.now()
      }),
      since: undefined,
    }
    this.#kept.set(name, kept)
    return kept
  }
}

async function login(name: string, mail: MailgunService, timeout: number): Promise<Answer> {
  const start = performance.now()
  const elapsed = (): number => Math.round(performance.now() - start)
  try {
    await mail.verify({ timeout })
    return { responseTime: elapsed() }
  } catch (error) {
    new Logger('MailgunHealthIndicator').warn(`Mailer '${name}' cannot send: ${reasonOf(error)}`)
    const code =
      error instanceof MailgunError
        ? error.code
        : error instanceof Error
          ? error.name
          : typeof error
    return { failure: { code }, responseTime: elapsed() }
  }
}
