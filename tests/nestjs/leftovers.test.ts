import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { createMailgunEmulator, type MailgunEmulator } from '@mailgun-smtp/emulator'
import {
  currentMailgunOptions,
  MailgunModule,
  MailgunOptions,
  MailgunService,
  type Receipt,
} from '@mailgun-smtp/nestjs'
import { Controller, Inject, Injectable, Sse, type INestApplication } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import {
  concatMap,
  firstValueFrom,
  map,
  range,
  take,
  type Observable,
  type Subscription,
} from 'rxjs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { OpenResources } from '../sweep/scene/open-resources.ts'

const letter = { from: 'shop@mg.example.com', to: 'ada@example.com', text: 'It is on its way.' }
const everybody = Array.from({ length: 3_000 }, (_, n) => ({ to: `reader${n}@example.com` }))

@Injectable()
@MailgunOptions({ tags: ['scope'] })
class Mails {
  constructor(@Inject(MailgunService) private readonly mail: MailgunService) {}

  @MailgunOptions(() => {
    throw new Error('no options')
  })
  async withBrokenOptions(): Promise<void> {}

  async thenThrow(): Promise<void> {
    await this.mail.send(letter)
    throw new Error('after the mail')
  }

  send(signal?: AbortSignal): Promise<Receipt> {
    return this.mail.send(letter, { signal })
  }

  send$(): Observable<Receipt> {
    return this.mail.send$(letter)
  }

  async *sendForEver(): AsyncGenerator<Receipt> {
    for (;;) yield await this.mail.send(letter)
  }

  batch$(): Observable<unknown> {
    const { to: _to, ...copy } = letter
    return this.mail.sendBatch$(copy, everybody)
  }
}

@Controller()
@MailgunOptions({ tags: ['stream'] })
class Streams {
  constructor(@Inject(MailgunService) private readonly mail: MailgunService) {}

  @Sse('mails')
  mails(): Observable<{ data: string }> {
    return range(0, 1_000).pipe(
      concatMap(() => this.mail.send$(letter)),
      map(({ messageId }) => ({ data: messageId })),
    )
  }
}

interface Scene {
  readonly app: INestApplication
  readonly mails: Mails
  readonly emulator: MailgunEmulator
}

/** Has the emulator fall silent after the dot, and resolves when it does. */
function stalled({ faults }: MailgunEmulator): Promise<void> {
  return new Promise((resolve) => {
    faults.when(
      () => {
        resolve()
        return true
      },
      { at: 'final', stall: 'before-store' },
    )
  })
}

/** The ways to break off, in the middle. Each resolves when whoever broke off has their answer. */
const breaks: readonly (readonly [string, (scene: Scene) => Promise<void>])[] = [
  [
    'a function of options that throws',
    ({ mails }) => expect(mails.withBrokenOptions()).rejects.toThrow('no options'),
  ],
  [
    'a method that throws after its mail',
    ({ mails }) => expect(mails.thenThrow()).rejects.toThrow('after the mail'),
  ],
  [
    'a mail that is rejected',
    async ({ mails, emulator }) => {
      emulator.faults.next({ at: 'rcpt', reply: [550, 'No such user'] })
      await expect(mails.send()).rejects.toMatchObject({ outcome: 'rejected' })
    },
  ],
  [
    'a caller who aborts',
    async ({ mails, emulator }) => {
      const controller = new AbortController()
      const silence = stalled(emulator)
      const sending = mails.send(controller.signal)
      void silence.then(() => controller.abort())
      await expect(sending).rejects.toMatchObject({ code: 'ERR_MAILGUN_ABORTED' })
    },
  ],
  [
    'a subscriber who leaves a mail',
    async ({ mails, emulator }) => {
      const silence = stalled(emulator)
      const subscription: Subscription = mails.send$().subscribe()
      await silence
      subscription.unsubscribe()
    },
  ],
  [
    'a subscriber who leaves a batch',
    async ({ mails }) => void (await firstValueFrom(mails.batch$().pipe(take(1)))),
  ],
  [
    'a loop that leaves a generator',
    async ({ mails }) => {
      for await (const _receipt of mails.sendForEver()) break
    },
  ],
  [
    'a client who hangs up on a stream of events',
    async ({ app }) => {
      const request = get(`${await app.getUrl()}/mails`, { agent: false })
      const [response] = (await once(request, 'response')) as [IncomingMessage]
      await once(response, 'data')
      response.destroy()
      await once(response, 'close')
    },
  ],
  [
    'an application that shuts down while it sends',
    async ({ app, mails, emulator }) => {
      emulator.faults.next({ at: 'data', delay: 50 })
      const isSending = new Promise<void>((resolve) => {
        emulator.faults.when(
          () => {
            resolve()
            return false
          },
          { at: 'data', drop: true },
        )
      })
      const sending = mails.send()
      await isSending
      await app.close()
      await expect(sending).resolves.toMatchObject({ refused: [] })
    },
  ],
]

let emulator: MailgunEmulator
let resources: OpenResources

beforeEach(async () => {
  emulator = await createMailgunEmulator({ httpPort: false, securePort: false })
  resources = new OpenResources()
})
afterEach(() => emulator.close())

function open(): Promise<INestApplication> {
  return NestFactory.create(
    {
      module: class AppModule {},
      imports: [MailgunModule.forRoot({ ...emulator.transport, retry: false, logger: false })],
      controllers: [Streams],
      providers: [Mails],
    },
    { logger: false, forceCloseConnections: true },
  )
}

// A slow machine is no fault: it takes what it takes until what was closed is gone.
const patiently = { timeout: 30_000 }

test.each(breaks)('%s leaves no scope, no socket and no timer behind', async (_name, breakOff) => {
  const app = await open()
  // What a request opens belongs to its server and not to the client, unless somebody says so.
  app.use((_request: unknown, _response: unknown, next: () => void) => resources.run(next))
  await app.listen(0, '127.0.0.1')

  await resources.run(async () => {
    await breakOff({ app, mails: app.get(Mails), emulator })
    expect(currentMailgunOptions()).toBeUndefined()
  })

  await expect.poll(() => resources.list, patiently).toEqual([])
  await app.close()
})

test('an application leaves no socket and no timer of its own behind', async () => {
  const app = await resources.run(async () => {
    const opened = await open()
    await opened.listen(0, '127.0.0.1')
    return opened
  })
  await resources.run(() => app.get(Mails).send())

  await app.close()

  await expect.poll(() => resources.list, patiently).toEqual([])
})
