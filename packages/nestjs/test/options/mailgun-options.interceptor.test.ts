import {
  Controller,
  Get,
  Inject,
  Injectable,
  Sse,
  UseInterceptors,
  type ExecutionContext,
  type MessageEvent,
} from '@nestjs/common'
import { APP_INTERCEPTOR } from '@nestjs/core'
import { defer, map, type Observable } from 'rxjs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  MailgunOptions,
  MailgunOptionsInterceptor,
  currentMailgunOptions,
} from '../../src/index.ts'
import { SentMail, startApp, type StartedApp } from '../scene/sent-mail.ts'

const tenant = (context: ExecutionContext): MailgunOptions => {
  const { query } = context.switchToHttp().getRequest<{ query: { tenant?: string } }>()
  return { tags: query.tenant === undefined ? [] : [query.tenant] }
}

@Injectable()
class Late {
  readonly options: unknown[] = []
}

@UseInterceptors(MailgunOptionsInterceptor.from(tenant))
@Controller()
class Mails {
  constructor(
    @Inject(SentMail) readonly mail: SentMail,
    @Inject(Late) readonly late: Late,
  ) {}

  @Get('promise')
  promise(): Promise<readonly string[]> {
    return this.mail.tags()
  }

  @Get('observable')
  observable(): Observable<readonly string[]> {
    return defer(() => this.mail.tags())
  }

  @Get('promised-observable')
  async promisedObservable(): Promise<Observable<readonly string[]>> {
    return await Promise.resolve(defer(() => this.mail.tags()))
  }

  @Sse('stream')
  stream(): Observable<MessageEvent> {
    return defer(() => this.mail.tags()).pipe(map((tags) => ({ data: JSON.stringify(tags) })))
  }

  @Get('decorated')
  @MailgunOptions({ tags: ['method'] })
  decorated(): Promise<readonly string[]> {
    return this.mail.tags()
  }

  @Get('asynchronous')
  @UseInterceptors(MailgunOptionsInterceptor.from(async () => Promise.resolve({ tags: ['later'] })))
  asynchronous(): Promise<readonly string[]> {
    return this.mail.tags()
  }

  @Get('afresh')
  @UseInterceptors(MailgunOptionsInterceptor.from(() => ({ tags: ['own'] }), { inherit: false }))
  afresh(): Promise<readonly string[]> {
    return this.mail.tags()
  }

  @Get('nothing')
  @UseInterceptors(MailgunOptionsInterceptor.from(() => undefined))
  nothing(): Promise<readonly string[]> {
    return this.mail.tags()
  }

  @Get('refused')
  @UseInterceptors(
    MailgunOptionsInterceptor.from(() => {
      throw new Error('no tenant')
    }),
  )
  refused(): string {
    this.late.options.push('handled')
    return ''
  }
}

@Controller('beside')
class Beside {
  constructor(@Inject(SentMail) readonly mail: SentMail) {}

  @Get()
  tags(): Promise<readonly string[]> {
    return this.mail.tags()
  }
}

let started: StartedApp

beforeAll(async () => {
  started = await startApp(
    { controllers: [Mails, Beside], providers: [Late] },
    // Nest reports the error that one of these routes throws.
    { forceCloseConnections: true, logger: false },
  )
})
afterAll(() => started.close())

async function get(path: string): Promise<unknown> {
  return await (await fetch(`${started.url}/${path}`)).json()
}

describe('its options reach the mail of', () => {
  it.each([
    ['a promise', 'promise', ['acme']],
    ['an Observable', 'observable', ['acme']],
    ['a promise of an Observable', 'promised-observable', ['acme']],
    ['a decorated method, under its own', 'decorated', ['acme', 'method']],
    ['an interceptor within, whose function is asynchronous', 'asynchronous', ['acme', 'later']],
    ['an interceptor that starts afresh, no more', 'afresh', ['own']],
    ['one that has none', 'nothing', ['acme']],
  ])('%s', async (_what, path, tags) => {
    expect(await get(`${path}?tenant=acme`)).toEqual(tags)
  })

  it('a stream of events', async () => {
    const response = await fetch(`${started.url}/stream?tenant=acme`)

    expect(await response.text()).toContain('data: ["acme"]')
  })
})

it('keeps requests apart, and reaches no other route', async () => {
  const tenants = Array.from({ length: 40 }, (_, index) => `tenant-${index}`)

  const answers = await Promise.all(
    tenants.flatMap((name) => [get(`observable?tenant=${name}`), get(`beside?tenant=${name}`)]),
  )

  expect(answers).toEqual(tenants.flatMap((name) => [[name], []]))
  expect(currentMailgunOptions()).toBeUndefined()
})

it('fails the request when its function throws, before the handler', async () => {
  const response = await fetch(`${started.url}/refused`)

  expect(response.status).toBe(500)
  expect(started.app.get(Late).options).toEqual([])
})

it('serves a whole application under APP_INTERCEPTOR', async () => {
  const app = await startApp({
    controllers: [Beside],
    providers: [
      {
        provide: APP_INTERCEPTOR,
        useValue: MailgunOptionsInterceptor.from((context) => ({ tags: [context.getType()] })),
      },
    ],
  })

  const response = await fetch(`${app.url}/beside`)

  expect(await response.json()).toEqual(['http'])
  await app.close()
})
