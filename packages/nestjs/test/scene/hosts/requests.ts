import { Controller, Get, Scope, Sse, type INestApplication } from '@nestjs/common'
import { ExpressAdapter } from '@nestjs/platform-express'
import { FastifyAdapter } from '@nestjs/platform-fastify'
import { Test } from '@nestjs/testing'
import type { AbstractHttpAdapter } from '@nestjs/core'
import { streamsGenerators } from '../nest-major.ts'
import type { Host } from './host.ts'

/** HTTP: routes and streams of events, on either platform, of one controller for all or one for each request. */
export const requestHosts: readonly Host[] = (
  [
    ['Express', () => new ExpressAdapter()],
    ['Fastify', () => new FastifyAdapter()],
  ] as const
).flatMap(([platform, adapter]) => [
  httpHost(`an HTTP route on ${platform}`, adapter, Get, undefined),
  httpHost(
    `an HTTP route of a request-scoped controller on ${platform}`,
    adapter,
    Get,
    Scope.REQUEST,
  ),
  {
    ...httpHost(`server-sent events on ${platform}`, adapter, Sse, undefined),
    consumes: ['an Observable', 'a promised Observable'],
  },
])

function httpHost(
  name: string,
  adapter: () => AbstractHttpAdapter,
  route: (path: string) => MethodDecorator,
  scope: Scope | undefined,
): Host {
  return {
    name,
    consumes: [
      'a promise',
      'an Observable',
      'a promised Observable',
      ...(streamsGenerators ? (['a generator'] as const) : []),
      'nothing',
    ],
    onClass: () => [Controller(scope === undefined ? {} : { scope })],
    onMethod: (path) => [route(path)],
    async open(base, handlers) {
      const testing = await Test.createTestingModule({
        ...base,
        controllers: [...handlers.values()],
      }).compile()
      const app: INestApplication = testing.createNestApplication(adapter(), {
        forceCloseConnections: true,
      })
      await app.listen(0, '127.0.0.1')
      const url = await app.getUrl()
      return {
        call: async (path) => {
          const response = await fetch(`${url}/${path}`)
          await response.text()
        },
        close: () => app.close(),
      }
    },
  }
}
