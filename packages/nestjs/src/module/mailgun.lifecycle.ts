import { MailgunError } from '@mailgun-smtp/core'
import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common'
import { ModulesContainer } from '@nestjs/core'
import { assertUniqueName } from './mailer-names.ts'
import { RESOLVED_OPTIONS } from '../service/service-parts.ts'
import type { ResolvedModuleOptions } from './mailgun.module-options.ts'

/** What a mailer does when the application starts and ends. */
@Injectable()
export class MailgunLifecycle implements OnModuleInit, OnApplicationShutdown {
  readonly #options: ResolvedModuleOptions

  constructor(
    @Inject(RESOLVED_OPTIONS) options: ResolvedModuleOptions,
    @Inject(ModulesContainer) modules: ModulesContainer,
  ) {
    this.#options = options
    assertUniqueName(options.name, modules)
  }

  async onModuleInit(): Promise<void> {
    const { name, verify, verifyTimeout, verifyWithin } = this.#options
    if (verify === 'off') return
    try {
      await verifyWithin(verifyTimeout)
    } catch (error) {
      if (verify === 'throw') throw error
      new Logger('MailgunModule').warn(`Mailer '${name}' cannot send: ${reasonOf(error)}`)
    }
  }

  // Not onModuleDestroy: requests in flight still send until the HTTP server has closed.
  async onApplicationShutdown(): Promise<void> {
    await this.#options.close()
  }
}

/** Why a login failed, for a log. Another error than ours may hold anything, so only its kind is told. */
export function reasonOf(error: unknown): string {
  if (error instanceof MailgunError) return error.message
  return `verify() failed: ${error instanceof Error ? error.name : typeof error}`
}
