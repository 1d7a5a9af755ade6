import { ConfigError, DeliveryError, MailgunError, type Mailer } from '@mailgun-smtp/core'
import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common'
import { ModulesContainer } from '@nestjs/core'
import { MAILER_NAME } from './mailgun.module-definition.ts'
import { RESOLVED_OPTIONS, type ResolvedModuleOptions } from './mailgun.module-options.ts'

const verifyDeadline = 10_000

/** What a mailer does when the application starts and ends. */
@Injectable()
export class MailgunLifecycle implements OnModuleInit, OnApplicationShutdown {
  readonly #options: ResolvedModuleOptions

  constructor(
    @Inject(RESOLVED_OPTIONS) options: ResolvedModuleOptions,
    @Inject(ModulesContainer) modules: ModulesContainer,
  ) {
    this.#options = options
    refuseSecond(options.name, modules)
  }

  async onModuleInit(): Promise<void> {
    const { name, mailer, verify } = this.#options
    if (verify === 'off') return
    try {
      await verifyInTime(mailer)
    } catch (error) {
      if (verify === 'throw') throw error
      // Another error than ours may hold anything, so only its kind is logged.
      const reason =
        error instanceof MailgunError ? error.message : `verify() failed: ${kindOf(error)}`
      new Logger('MailgunModule').warn(`Mailer '${name}' cannot send: ${reason}`)
    }
  }

  // Not onModuleDestroy: requests in flight still send until the HTTP server has closed.
  async onApplicationShutdown(): Promise<void> {
    await this.#options.mailer.close()
  }
}

// Asked of the container and not of a static list, as one process may hold several applications.
function refuseSecond(name: string, modules: ModulesContainer): void {
  const holders = [...modules.values()].filter(
    (module) => module.providers.get(MAILER_NAME)?.instance === name,
  )
  if (holders.length > 1) {
    throw new ConfigError(
      `${holders.length} mailers have the name '${name}'. Give each MailgunModule.forRoot() a name of its own, or import the one object it returned wherever it is needed.`,
    )
  }
}

async function verifyInTime(mailer: Mailer): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(
        new DeliveryError({
          code: 'ERR_MAILGUN_CONNECTION',
          outcome: 'deferred',
          fault: 'connection',
          retryable: true,
          message: `The server did not answer within ${verifyDeadline / 1000} s.`,
          cure: 'Check host and port, and that no firewall holds back SMTP.',
          attempts: 1,
        }),
      )
    }, verifyDeadline)
  })
  try {
    await Promise.race([mailer.verify(), late])
  } finally {
    clearTimeout(timer)
  }
}

function kindOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error
}
