import { ConfigError } from '@mailgun-smtp/core'
import type { ModulesContainer } from '@nestjs/core'
import { MAILER_NAME } from './mailgun.module-definition.ts'

/**
 * Refuses two mailers of one name. It asks the container and not a static list, as one process may hold several
 * applications.
 *
 * @throws {ConfigError} naming the modules that import them.
 */
export function assertUniqueName(name: string, modules: ModulesContainer): void {
  const holders = [...modules.values()].filter(
    (module) => module.providers.get(MAILER_NAME)?.instance === name,
  )
  if (holders.length < 2) return
  const places = [...modules.values()].flatMap(({ metatype }) =>
    importsOf(metatype).some((imported) => isMailerOf(imported, name)) ? [metatype.name] : [],
  )
  // A module that is itself dynamic keeps no list of what it imports.
  const where = [...places, ...(places.length === 0 ? ['a dynamic module'] : [])].join(' and ')
  throw new ConfigError(
    `${holders.length} mailers have the name '${name}', imported by ${where}. Give each MailgunModule.forRoot() a name of its own, or import the one object it returned wherever it is needed.`,
  )
}

function importsOf(type: object): readonly unknown[] {
  const imports: unknown = Reflect.getMetadata('imports', type)
  return Array.isArray(imports) ? imports : []
}

function isMailerOf(imported: unknown, name: string): boolean {
  const providers: unknown = Reflect.get(Object(imported), 'providers')
  return (
    Array.isArray(providers) &&
    providers.some((provider: unknown) => {
      const { provide, useValue } = Object(provider) as { provide?: unknown; useValue?: unknown }
      return provide === MAILER_NAME && useValue === name
    })
  )
}
