import { Inject, Injectable, type OnModuleInit } from '@nestjs/common'
import { DiscoveryService } from '@nestjs/core'
import { hasLayers, scopeMethodsOf } from './scoped-methods.ts'

/**
 * Reaches the methods that a subclass overrides or adds: a decorator on the base class cannot see them.
 *
 * It works in the constructor, as routes and cron jobs take hold of their functions before any `onModuleInit`.
 */
@Injectable()
export class MailgunOptionsExplorer implements OnModuleInit {
  readonly #discovery: DiscoveryService

  constructor(@Inject(DiscoveryService) discovery: DiscoveryService) {
    this.#discovery = discovery
    this.#explore(({ metatype }) => metatype)
  }

  /** Once more, for the instances that factories have made meanwhile. */
  onModuleInit(): void {
    this.#explore(({ instance }) => classOf(instance))
  }

  #explore(typeOf: (provider: Provider) => unknown): void {
    const providers: Provider[] = [
      ...this.#discovery.getControllers(),
      ...this.#discovery.getProviders(),
    ]
    for (const provider of providers) {
      const type = typeOf(provider)
      if (typeof type === 'function' && hasLayers(type)) scopeMethodsOf(type)
    }
  }
}

interface Provider {
  readonly metatype: unknown
  readonly instance: unknown
}

// From the prototype: a proxy may refuse to be read before its time.
function classOf(instance: unknown): unknown {
  if (typeof instance !== 'object' || instance === null) return undefined
  const prototype: unknown = Object.getPrototypeOf(instance)
  return typeof prototype === 'object' && prototype !== null
    ? Reflect.get(prototype, 'constructor')
    : undefined
}
