import { Injectable, Module, Scope, type Type } from '@nestjs/common'
import { LazyModuleLoader } from '@nestjs/core'
import { Test, type TestingModule } from '@nestjs/testing'
import { callHandler, type Returned } from './handler.ts'
import type { Host } from './host.ts'

const everything: readonly Returned[] = [
  'a promise',
  'an Observable',
  'a promised Observable',
  'a generator',
  'nothing',
]

/** Providers that are called directly, and hooks that Nest calls when an application starts and ends. */
export const providerHosts: readonly Host[] = [
  providerHost('a provider', Scope.DEFAULT, (module, handler) => module.get(handler)),
  providerHost('a request-scoped provider', Scope.REQUEST, (module, handler) =>
    module.resolve(handler),
  ),
  providerHost('a transient provider', Scope.TRANSIENT, (module, handler) =>
    module.resolve(handler),
  ),
  {
    name: 'a provider of a lazy module',
    method: 'handle',
    consumes: everything,
    onClass: () => [Injectable()],
    async open(base, handlers) {
      const app = await openModule(base)
      const call = async (route: string): Promise<void> => {
        const handler = handlerOf(handlers, route)
        const loaded = await app
          .get(LazyModuleLoader)
          .load(() => lazyModule(handler, base.providers))
        await callHandler(loaded.get(handler))
      }
      return { call, close: () => app.close() }
    },
  },
  ...(['onModuleInit', 'onApplicationBootstrap'] as const).map((hook) => hookHost(hook, 'start')),
  ...(['onModuleDestroy', 'beforeApplicationShutdown', 'onApplicationShutdown'] as const).map(
    (hook) => hookHost(hook, 'end'),
  ),
]

type Base = Parameters<Host['open']>[0]

async function openModule(
  base: Base,
  handlers: Iterable<Type<object>> = [],
): Promise<TestingModule> {
  const app = await Test.createTestingModule({
    ...base,
    providers: [...(base.providers ?? []), ...handlers],
  }).compile()
  await app.init()
  return app
}

function lazyModule(handler: Type<object>, providers: Base['providers'] = []): Type<object> {
  class LazyModule {}
  Module({ providers: [...providers, handler] })(LazyModule)
  return LazyModule
}

function providerHost(
  name: string,
  scope: Scope,
  find: (module: TestingModule, handler: Type<object>) => object | Promise<object>,
): Host {
  return {
    name,
    method: 'handle',
    consumes: everything,
    onClass: () => [Injectable({ scope })],
    async open(base, handlers) {
      const app = await openModule(base, handlers.values())
      return {
        call: async (route) => callHandler(await find(app, handlerOf(handlers, route))),
        close: () => app.close(),
      }
    },
  }
}

function hookHost(method: string, when: 'start' | 'end'): Host {
  return {
    name: `${method}()`,
    method,
    consumes: ['a promise'],
    onClass: () => [Injectable()],
    async open(base, handlers) {
      const app = await openModule(base, handlers.values())
      let closed: Promise<void> | undefined
      const close = (): Promise<void> => (closed ??= app.close())
      return { call: async () => (when === 'end' ? close() : undefined), close }
    },
  }
}

function handlerOf(handlers: ReadonlyMap<string, Type<object>>, route: string): Type<object> {
  const handler = handlers.get(route)
  if (!handler) throw new RangeError(`There is no handler of ${route}.`)
  return handler
}
