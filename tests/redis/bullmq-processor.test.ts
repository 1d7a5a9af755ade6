import { setImmediate as turn } from 'node:timers/promises'
import type { ComposedMessage, MailgunMessage } from '@mailgun-smtp/core'
import { createMailgunEmulator, type MailgunEmulator } from '@mailgun-smtp/emulator'
import { MailgunModule, MailgunOptions, MailgunService } from '@mailgun-smtp/nestjs'
import { BullModule, getQueueToken, InjectQueue, Processor, WorkerHost } from '@nestjs/bullmq'
import { Inject, Injectable } from '@nestjs/common'
import { Test, type TestingModule } from '@nestjs/testing'
import type { Job, Queue } from 'bullmq'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findRedis } from './server/find-redis.ts'
import { RedisServer } from './server/redis-server.ts'

const redis = findRedis()
if (redis.absence !== undefined) console.warn(`Tests of BullMQ are skipped: ${redis.absence}.`)

const message: MailgunMessage = {
  from: 'shop@mg.example.com',
  to: 'ada@example.com',
  text: 'It is on its way.',
}

abstract class Mails extends WorkerHost {
  @Inject(MailgunService) protected readonly mail!: MailgunService

  protected async sendAbout({ data }: Job<string>): Promise<string> {
    await turn()
    await this.mail.send({ ...message, subject: data })
    return data
  }
}

@MailgunOptions({ tags: ['class'], requireTls: true })
@Processor('above', { concurrency: 5 })
class Above extends Mails {
  @MailgunOptions((job: Job<string>) => ({ tags: ['job'], variables: { job: job.data } }))
  override process(job: Job<string>): Promise<string> {
    return this.sendAbout(job)
  }
}

@Processor('below', { concurrency: 5 })
@MailgunOptions({ tags: ['class'], requireTls: true })
class Below extends Mails {
  @MailgunOptions((job: Job<string>) => ({ tags: ['job'], variables: { job: job.data } }))
  override process(job: Job<string>): Promise<string> {
    return this.sendAbout(job)
  }
}

@Processor('beside', { concurrency: 5 })
class Beside extends Mails {
  override process(job: Job<string>): Promise<string> {
    return this.sendAbout(job)
  }
}

@Processor('outgoing')
class Outgoing extends WorkerHost {
  @Inject(MailgunService) readonly mail!: MailgunService

  @MailgunOptions({ tags: ['not from here'] })
  override async process(job: Job<ComposedMessage>): Promise<void> {
    if (job.attemptsMade === 0) throw new Error('once')
    await this.mail.send(job.data)
  }
}

@Injectable()
@MailgunOptions({ tags: ['shop'] })
class Shop {
  constructor(
    @Inject(MailgunService) private readonly mail: MailgunService,
    @InjectQueue('outgoing') private readonly outgoing: Queue<ComposedMessage>,
  ) {}

  @MailgunOptions({ variables: { order: 41 } })
  async order(): Promise<void> {
    const job = this.mail.compose({ ...message, subject: 'Order 41' })
    await this.outgoing.add('mail', job, { attempts: 2 })
  }
}

const names = ['above', 'below', 'beside', 'outgoing'] as const

describe.skipIf(redis.path === undefined)('a processor of BullMQ, on a real server', () => {
  let server: RedisServer
  let emulator: MailgunEmulator
  let app: TestingModule

  beforeAll(async () => {
    if (redis.path === undefined) return
    server = await RedisServer.start(redis)
    emulator = await createMailgunEmulator({ httpPort: false, securePort: false })
    app = await Test.createTestingModule({
      imports: [
        MailgunModule.forRoot({ ...emulator.transport, logger: false }),
        BullModule.forRoot({ connection: { url: server.url } }),
        BullModule.registerQueue(...names.map((name) => ({ name }))),
      ],
      providers: [Above, Below, Beside, Outgoing, Shop],
    }).compile()
    await app.init()
  })
  afterAll(async () => {
    await app?.close()
    await emulator?.close()
    await server?.[Symbol.asyncDispose]()
  })

  const optionsOf = async (subject: string): Promise<MailgunOptions> =>
    (await emulator.waitFor({ subject }, { timeout: 20_000 })).submission.options

  test('sends with the merged options of each job, in either order, and with none beside it', async () => {
    const ids = Array.from({ length: 20 }, (_, id) => id)
    const queues = (['above', 'below', 'beside'] as const).map((name) =>
      app.get<Queue<string>>(getQueueToken(name)),
    )

    await Promise.all(
      ids.flatMap((id) => queues.map((queue) => queue.add('mail', `${queue.name}-${id}`))),
    )

    for (const id of ids) {
      for (const name of ['above', 'below']) {
        const job = `${name}-${id}`
        expect(await optionsOf(job)).toEqual({
          tags: ['class', 'job'],
          requireTls: true,
          variables: { job },
        })
      }
      expect(await optionsOf(`beside-${id}`)).toEqual({})
    }
  })

  test('sends a composed message with the options of where it was composed, also when tried again', async () => {
    await app.get(Shop).order()

    expect(await optionsOf('Order 41')).toEqual({ tags: ['shop'], variables: { order: 41 } })
  })
})
