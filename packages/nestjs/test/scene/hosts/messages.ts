import { EventEmitter, once } from 'node:events'
import type { AddressInfo, Server } from 'node:net'
import { Controller } from '@nestjs/common'
import {
  ClientProxyFactory,
  EventPattern,
  MessagePattern,
  Transport,
  type ClientProxy,
} from '@nestjs/microservices'
import { WsAdapter } from '@nestjs/platform-ws'
import { Test } from '@nestjs/testing'
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets'
import { lastValueFrom } from 'rxjs'
import { WebSocket } from 'ws'
import type { Host, OpenHost } from './host.ts'

/** A microservice on TCP, by request and by event, and a WebSocket gateway. */
export const messageHosts: readonly Host[] = [
  {
    ...microserviceHost((client, route) =>
      lastValueFrom(client.send(route, {}), { defaultValue: undefined }),
    ),
    name: 'a message of a microservice',
    onMethod: (route) => [MessagePattern(route)],
  },
  {
    ...microserviceHost((client, route) =>
      lastValueFrom(client.emit(route, {}), { defaultValue: undefined }),
    ),
    name: 'an event of a microservice',
    // Its type asks for a parameter, which a handler may leave out.
    onMethod: (route) => [EventPattern(route) as MethodDecorator],
  },
  {
    name: 'a message to a WebSocket gateway',
    consumes: ['a promise', 'an Observable', 'a promised Observable', 'nothing'],
    onClass: () => [WebSocketGateway()],
    onMethod: (route) => [SubscribeMessage(route)],
    async open(base, handlers) {
      // Each gateway listens to the one server and to each of its sockets.
      EventEmitter.defaultMaxListeners = 4 * handlers.size
      const testing = await Test.createTestingModule({
        ...base,
        providers: [...(base.providers ?? []), ...handlers.values()],
      }).compile()
      const app = testing.createNestApplication({ forceCloseConnections: true })
      app.useWebSocketAdapter(new WsAdapter(app))
      await app.listen(0, '127.0.0.1')
      const { port } = (app.getHttpServer() as Server).address() as AddressInfo
      const socket = new WebSocket(`ws://127.0.0.1:${port}`)
      await once(socket, 'open')
      return {
        call: async (event) => socket.send(JSON.stringify({ event, data: {} })),
        close: async () => {
          const closed = once(socket, 'close')
          socket.close()
          await closed
          await app.close()
        },
      }
    },
  },
]

function microserviceHost(
  send: (client: ClientProxy, route: string) => Promise<unknown>,
): Pick<Host, 'consumes' | 'onClass' | 'open'> {
  return {
    consumes: ['a promise', 'an Observable', 'a promised Observable', 'nothing'],
    onClass: () => [Controller()],
    async open(base, handlers): Promise<OpenHost> {
      const testing = await Test.createTestingModule({
        ...base,
        controllers: [...handlers.values()],
      }).compile()
      const options = { host: '127.0.0.1', port: 0 }
      const app = testing.createNestMicroservice({ transport: Transport.TCP, options })
      await app.listen()
      const { port } = app.unwrap<Server>().address() as AddressInfo
      const client = ClientProxyFactory.create({
        transport: Transport.TCP,
        options: { ...options, port },
      })
      return {
        call: (route) => send(client, route),
        close: async () => {
          await client.close()
          await app.close()
        },
      }
    },
  }
}
