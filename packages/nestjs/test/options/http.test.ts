import { setImmediate as turn } from 'node:timers/promises'
import {
  type CallHandler,
  Controller,
  type ExecutionContext,
  Get,
  Inject,
  Injectable,
  type NestInterceptor,
  Param,
  Scope,
  Sse,
  UseInterceptors,
} from '@nestjs/common'
import { ApplicationConfig } from '@nestjs/core'
import { concatMap, defer, from, map, Observable, range, tap } from 'rxjs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { currentMailgunOptions, MailgunOptions } from '../../src/index.ts'
import { SentMail, startApp, type StartedApp } from '../scene/sent-mail.ts'

/** Records the options that hold outside the handler, where the response passes. */
@Injectable()
class Outside implements NestInterceptor {
  static readonly seen: unknown[] = []

  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(tap(() => Outside.seen.push(currentMailgunOptions())))
  }
}

@MailgunOptions({ tags: ['mails'] })
@Injectable()
class Mails {
  readonly #sent: SentMail

  constructor(@Inject(SentMail) sent: SentMail) {
    this.#sent = sent
  }

  welcome(): Promise<readonly string[]> {
    return this.#sent.tags()
  }
}

@MailgunOptions({ tags: ['request'] })
@Injectable({ scope: Scope.REQUEST })
class RequestMails extends Mails {}

@UseInterceptors(Outside)
@MailgunOptions({ tags: ['controller'] })
@Controller()
class MailController {
  readonly #sent: SentMail
  readonly #mails: Mails
  readonly #requestMails: RequestMails

  constructor(
    @Inject(SentMail) sent: SentMail,
    @Inject(Mails) mails: Mails,
    @Inject(RequestMails) requestMails: RequestMails,
  ) {
    this.#sent = sent
    this.#mails = mails
    this.#requestMails = requestMails
  }

  @Get('promise')
  @MailgunOptions({ tags: ['method'] })
  promise(): Promise<readonly string[]> {
    return this.#sent.tags()
  }

  @MailgunOptions({ tags: ['method'] })
  @Get('observable')
  observable(): Observable<readonly string[]> {
    return defer(() => this.#sent.tags())
  }

  @Get('promised-observable')
  async promisedObservable(): Promise<Observable<readonly string[]>> {
    await turn()
    return defer(() => this.#sent.tags())
  }

  @Sse('events')
  events(): Observable<{ data: string }> {
    return range(1, 2).pipe(
      concatMap(() => this.#sent.tags()),
      map((tags) => ({ data: tags.join() })),
    )
  }

  @Get('generator')
  async generator(): Promise<unknown> {
    const found: unknown[] = []
    for await (const tags of this.slowly()) found.push(tags)
    return found
  }

  @MailgunOptions({ tags: ['generator'] })
  async *slowly(): AsyncGenerator<readonly string[]> {
    await turn()
    yield this.#sent.tags()
  }

  @Get('generated')
  generated(): Observable<readonly string[]> {
    return from(this.slowly())
  }

  @Get('provider')
  provider(): Promise<readonly string[]> {
    return this.#mails.welcome()
  }

  @Get('request-scoped')
  requestScoped(): Promise<readonly string[]> {
    return this.#requestMails.welcome()
  }

  @MailgunOptions((id: string) => ({ tags: [`order-${id}`] }))
  @Get('orders/:id')
  order(@Param('id') _id: string): Promise<readonly string[]> {
    return this.#sent.tags()
  }
}

abstract class BaseController {
  protected readonly sent: SentMail

  constructor(@Inject(SentMail) sent: SentMail) {
    this.sent = sent
  }

  @Get('inherited')
  inherited(): Promise<readonly string[]> {
    return this.sent.tags()
  }

  @Get('overridden')
  overridden(): Promise<readonly string[]> {
    return this.sent.tags()
  }
}

@MailgunOptions({ tags: ['decorated'] })
class DecoratedController extends BaseController {}

@Controller('sub')
class SubController extends DecoratedController {
  @Get('overridden')
  override overridden(): Promise<readonly string[]> {
    return this.sent.tags()
  }

  @Get('added')
  added(): Observable<readonly string[]> {
    return defer(() => this.sent.tags())
  }
}

describe('an HTTP application', () => {
  let started: StartedApp

  beforeAll(async () => {
    started = await startApp({
      controllers: [MailController, SubController],
      providers: [Mails, RequestMails],
    })
  })
  afterAll(() => started.close())

  async function get(path: string): Promise<unknown> {
    const response = await fetch(`${started.url}/${path}`)
    return response.json()
  }

  it.each([
    ['promise', ['controller', 'method']],
    ['observable', ['controller', 'method']],
    ['promised-observable', ['controller']],
    ['generator', [['controller', 'generator']]],
    ['generated', ['controller', 'generator']],
    ['provider', ['controller', 'mails']],
    ['request-scoped', ['controller', 'mails', 'request']],
    ['sub/inherited', ['decorated']],
    ['sub/overridden', ['decorated']],
    ['sub/added', ['decorated']],
  ])('gives its options to the mail of GET /%s', async (path, tags) => {
    expect(await get(path)).toEqual(tags)
  })

  it('gives its options to every mail of a stream of events', async () => {
    const response = await fetch(`${started.url}/events`)

    expect((await response.text()).match(/data: .*/g)).toEqual([
      'data: controller',
      'data: controller',
    ])
  })

  it('keeps forty concurrent requests apart', async () => {
    const ids = Array.from({ length: 40 }, (_, id) => id)

    const found = await Promise.all(
      ids.map((id) => get(id % 4 === 0 ? 'observable' : `orders/${id}`)),
    )

    expect(found).toEqual(ids.map((id) => ['controller', id % 4 === 0 ? 'method' : `order-${id}`]))
  })

  it('leaves interceptors outside', async () => {
    await get('observable')

    expect(Outside.seen.every((options) => options === undefined)).toBe(true)
    expect(Outside.seen.length).toBeGreaterThan(0)
  })
})

it('leaves an application without the decorator as it is: no wrapped method, nothing before or after a route', async () => {
  @Controller()
  class Plain {
    @Get()
    get(): string {
      return 'plain'
    }
  }
  const written: unknown = Reflect.get(Plain.prototype, 'get')
  const { app, url, close } = await startApp({ controllers: [Plain] })
  const config = app.get(ApplicationConfig)

  expect(await (await fetch(url)).text()).toBe('plain')
  expect(Reflect.get(Plain.prototype, 'get')).toBe(written)
  expect([
    ...config.getGlobalInterceptors(),
    ...config.getGlobalRequestInterceptors(),
    ...config.getGlobalGuards(),
    ...config.getGlobalPipes(),
    ...config.getGlobalFilters(),
  ]).toEqual([])
  await close()
})
