import { Injectable, type INestApplicationContext, type Type } from '@nestjs/common'
import {
  CommandBus,
  CommandHandler,
  CqrsModule,
  EventBus,
  EventsHandler,
  QueryBus,
  QueryHandler,
} from '@nestjs/cqrs'
import { EventEmitter2, EventEmitterModule, OnEvent } from '@nestjs/event-emitter'
import { Cron, Interval, ScheduleModule, SchedulerRegistry, Timeout } from '@nestjs/schedule'
import { Test } from '@nestjs/testing'
import type { Host } from './host.ts'

const awaited = ['a promise', 'nothing'] as const
const farAway = 2 ** 31 - 1

const commands = new Map<string, Type<object>>()
const messageOf = (route: string): Type<object> => {
  const known = commands.get(route) ?? class Message {}
  commands.set(route, known)
  return known
}

/** What runs without a request: the clock, events, and CQRS's three buses. */
export const backgroundHosts: readonly Host[] = [
  {
    ...contextHost((app, route) => app.get(SchedulerRegistry).getCronJob(route).fireOnTick()),
    name: 'a cron job',
    onMethod: (route) => [Cron('0 0 29 2 *', { name: route })],
  },
  {
    ...contextHost((app, route) => fire(app.get(SchedulerRegistry).getInterval(route))),
    name: 'an interval',
    onMethod: (route) => [Interval(route, farAway)],
  },
  {
    ...contextHost((app, route) => fire(app.get(SchedulerRegistry).getTimeout(route))),
    name: 'a timeout',
    onMethod: (route) => [Timeout(route, farAway)],
  },
  {
    ...contextHost((app, route) => app.get(EventEmitter2).emitAsync(route)),
    name: 'a listener of events',
    onMethod: (route) => [OnEvent(route)],
  },
  {
    ...contextHost((app, route) => app.get(CommandBus).execute(new (messageOf(route))())),
    name: 'a handler of commands',
    method: 'execute',
    onClass: (route) => [CommandHandler(messageOf(route))],
  },
  {
    ...contextHost((app, route) => app.get(QueryBus).execute(new (messageOf(route))())),
    name: 'a handler of queries',
    method: 'execute',
    onClass: (route) => [QueryHandler(messageOf(route))],
  },
  {
    ...contextHost(async (app, route) => app.get(EventBus).publish(new (messageOf(route))())),
    name: "a handler of CQRS's events",
    method: 'handle',
    onClass: (route) => [EventsHandler(messageOf(route))],
  },
]

function contextHost(
  trigger: (app: INestApplicationContext, route: string) => unknown,
): Pick<Host, 'consumes' | 'onClass' | 'open'> {
  return {
    consumes: awaited,
    onClass: () => [Injectable()],
    async open(base, handlers) {
      const app = await Test.createTestingModule({
        imports: [
          ...(base.imports ?? []),
          ScheduleModule.forRoot(),
          EventEmitterModule.forRoot(),
          CqrsModule.forRoot(),
        ],
        providers: [...(base.providers ?? []), ...handlers.values()],
      }).compile()
      await app.init()
      return { call: async (route) => trigger(app, route), close: () => app.close() }
    },
  }
}

/** Node's own timer object holds what it would call. */
function fire(timer: unknown): unknown {
  return Reflect.apply(Reflect.get(Object(timer), '_onTimeout') as () => unknown, timer, [])
}
