import { ConfigError } from '@mailgun-smtp/core'
import { Inject, Injectable, Optional, type OnModuleInit } from '@nestjs/common'
import { ModulesContainer } from '@nestjs/core'
import { MAILER_NAME, MODULE_OPTIONS_TOKEN } from './mailgun.module-definition.ts'

type NestModule = ModulesContainer extends Map<string, infer Value> ? Value : never
type Provider = NonNullable<ReturnType<NestModule['providers']['get']>>

/** Refuses options that are made for each request: so would be the mailer, and its connections would stay open. */
@Injectable()
export class StaticOptions implements OnModuleInit {
  readonly #modules: ModulesContainer
  readonly #name: string | undefined

  constructor(
    @Inject(ModulesContainer) modules: ModulesContainer,
    @Optional() @Inject(MAILER_NAME) name: string | undefined,
  ) {
    this.#modules = modules
    this.#name = name
  }

  /** @throws {ConfigError} naming what the options depend on. */
  onModuleInit(): void {
    const own = [...this.#modules.values()].find(
      ({ providers }) => providers.get(StaticOptions)?.instance === this,
    )
    const options = own?.providers.get(MODULE_OPTIONS_TOKEN)
    if (!options || options.isDependencyTreeStatic()) return
    const scoped = dependenciesOf(options).find((each) => !each.isDependencyTreeStatic()) ?? options
    throw new ConfigError(
      `Mailer '${this.#name}': its options depend on ${nameOf(scoped)}, which is request-scoped, so each request would open a mailer of its own. For a mailer for each tenant, pass forRoot({ tenants }) and send with MailgunService.for(tenant).`,
    )
  }
}

function dependenciesOf(provider: Provider): Provider[] {
  const properties = provider.getPropertiesMetadata() ?? []
  return [...(provider.getCtorMetadata() ?? []), ...properties.map(({ wrapper }) => wrapper)]
}

function nameOf({ name, token }: Provider): string {
  return typeof name === 'string' ? name : String(token)
}
