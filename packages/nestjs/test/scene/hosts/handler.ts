import { setImmediate as turn } from 'node:timers/promises'
import { Inject, Injectable, type Type } from '@nestjs/common'
import { defer, isObservable, lastValueFrom, type Observable } from 'rxjs'
import { MailgunOptions, MailgunService } from '../../../src/index.ts'
import { message } from '../sent-mail.ts'

/** What a handler returns, and so when its mail is sent. */
export type Returned =
  | 'a promise'
  | 'an Observable'
  | 'a promised Observable'
  | 'a generator'
  | 'nothing'

/** Where `@MailgunOptions()` stands, seen from the host's decorators. */
export type Order = 'above' | 'below'

/** The decorators by which a host finds its handlers, and the method it calls if that has a fixed name. */
export interface HandlerMarks {
  readonly method?: string
  readonly onClass?: (route: string) => ClassDecorator[]
  readonly onMethod?: (route: string) => MethodDecorator[]
}

/** What the two decorators of a handler come to. */
export const merged: MailgunOptions = {
  tags: ['class', 'method'],
  requireTls: true,
  track: false,
  variables: { from: 'class', level: 'method' },
}

const onClass = MailgunOptions({
  tags: ['class'],
  requireTls: true,
  variables: { from: 'class', level: 'class' },
})
const onMethod = MailgunOptions(() => ({
  tags: ['method'],
  track: false,
  variables: { level: 'method' },
}))

/** Sends a mail whose subject is the route, deep below the handler. */
@Injectable()
export class Postbox {
  readonly #mail: MailgunService

  constructor(@Inject(MailgunService) mail: MailgunService) {
    this.#mail = mail
  }

  async send(subject: string): Promise<string> {
    await turn()
    await this.#mail.send({ ...message, subject })
    return subject
  }
}

const sending: Readonly<Record<Returned, (send: () => Promise<string>) => unknown>> = {
  'a promise': async (send) => {
    await turn()
    return send()
  },
  'an Observable': (send) => defer(send),
  'a promised Observable': async (send) => {
    await turn()
    return defer(send)
  },
  'a generator': async function* (send) {
    await turn()
    yield await send()
  },
  nothing: (send) => {
    setImmediate(() => void send())
  },
}

/** A class with one handler, as a host would have it written; without an order, it has no options. */
export function handlerClass(
  marks: HandlerMarks,
  route: string,
  returned: Returned,
  order?: Order,
): Type<object> {
  const method = marks.method ?? route

  class Handler {
    @Inject(Postbox) readonly postbox!: Postbox
  }
  const handler = {
    value: function handle(this: Handler): unknown {
      return sending[returned](() => this.postbox.send(route))
    },
    configurable: true,
    writable: true,
    enumerable: false,
  }
  const methodMarks = ordered(marks.onMethod?.(route) ?? [], onMethod, order)
  if (methodMarks.length > 0) Reflect.decorate(methodMarks, Handler.prototype, method, handler)
  Object.defineProperty(Handler.prototype, method, handler)
  const classMarks = ordered(marks.onClass?.(route) ?? [Injectable()], onClass, order)
  Reflect.decorate(classMarks, Handler)
  return Handler
}

function ordered<Decorator>(marks: Decorator[], ours: Decorator, order?: Order): Decorator[] {
  if (order === undefined) return marks
  return order === 'above' ? [ours, ...marks] : [...marks, ours]
}

/** Calls a handler and takes what it returns to the end, as the caller of a provider would. */
export async function callHandler(handler: object): Promise<void> {
  const result: unknown = await Reflect.apply(
    Reflect.get(handler, 'handle') as () => unknown,
    handler,
    [],
  )
  if (isObservable(result)) await lastValueFrom(result as Observable<unknown>)
  else if (isAsyncIterable(result)) for await (const _step of result);
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value
}
