import { createMailgunEmulator } from '@mailgun-smtp/emulator'
import { MailgunModule, MailgunService } from '@mailgun-smtp/nestjs'
import { BullModule, getQueueToken, Processor, WorkerHost } from '@nestjs/bullmq'
import { Inject, Injectable } from '@nestjs/common'
import { Test } from '@nestjs/testing'
import type { Job, Queue } from 'bullmq'
import { describe, expect, test } from 'vitest'
import { findRedis } from './server/find-redis.ts'
import { RedisServer } from './server/redis-server.ts'

const redis = findRedis()
if (redis.absence !== undefined)
  console.warn(`The shutdown of BullMQ is skipped: ${redis.absence}.`)

/** Whether the worker has begun its job. */
@Injectable()
class Progress {
  begin = (): void => {}
  readonly begun = new Promise<void>((resolve) => {
    this.begin = resolve
  })
}

@Processor('mails')
class Mails extends WorkerHost {
  constructor(
    @Inject(MailgunService) private readonly mail: MailgunService,
    @Inject(Progress) private readonly progress: Progress,
  ) {
    super()
  }

  override async process({ data }: Job<string>): Promise<void> {
    this.progress.begin()
    // A mailer that closes before the worker does is closed by now.
    await new Promise<void>((resolve) => this.worker.once('closing', () => resolve()))
    await this.mail.send({ from: 'shop@mg.example.com', to: 'ada@example.com', subject: data })
  }
}

describe.skipIf(redis.path === undefined)(
  'an application with an active job, on a real server',
  () => {
    test.each(['before', 'after'])(
      'sends its mail although it shuts down: the mailer is imported %s the queue',
      async (place) => {
        if (redis.path === undefined) return
        await using server = await RedisServer.start(redis)
        await using emulator = await createMailgunEmulator({ httpPort: false, securePort: false })
        const mailer = MailgunModule.forRoot({ ...emulator.transport, retry: false, logger: false })
        const queues = [
          BullModule.forRoot({ connection: { url: server.url } }),
          BullModule.registerQueue({ name: 'mails' }),
        ]
        const app = await Test.createTestingModule({
          imports: place === 'before' ? [mailer, ...queues] : [...queues, mailer],
          providers: [Mails, Progress],
        }).compile()
        await app.init()
        await app.get<Queue<string>>(getQueueToken('mails')).add('mail', 'The last one')
        await app.get(Progress).begun

        await app.close()

        expect(emulator.submissions.map(({ subject }) => subject)).toEqual(['The last one'])
      },
    )
  },
)
