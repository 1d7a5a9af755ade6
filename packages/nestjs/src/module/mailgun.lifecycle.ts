import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common'
import { ModulesContainer } from '@nestjs/core'
import { reasonOf } from '../mailer/login-failure.ts'
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
    for (const module of modules.values()) {
      // Nest runs its shutdown hooks from the smallest distance to the largest, which global modules share. A queue's
      // worker, in another global module, still sends while it ends its jobs: the mailer closes after all of them.
      if (module.providers.get(RESOLVED_OPTIONS)?.instance === options) module.distance = Infinity
    }
  }

  async onModuleInit(): Promise<void> {
    const { name, verify, verifyTimeout, mailer } = this.#options
    if (verify === 'off') return
    try {
      await mailer.verify({ timeout: verifyTimeout })
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
