import { randomUUID } from 'node:crypto'
import type { ComposedMessage } from '@mailgun-smtp/nestjs'
import { InjectQueue } from '@nestjs/bullmq'
import { Injectable } from '@nestjs/common'
import type { Queue } from 'bullmq'
import { Outgoing } from './outgoing.ts'

/** The name of the queue. */
export const OUTGOING = 'outgoing'

/** On a queue, letters outlive this process, and are tried again for hours. */
@Injectable()
export class QueuedOutgoing extends Outgoing {
  constructor(@InjectQueue(OUTGOING) private readonly queue: Queue<ComposedMessage>) {
    super()
  }

  override async add(letter: ComposedMessage): Promise<void> {
    await this.queue.add('letter', letter, {
      // Not a counter, which starts anew with an empty Redis: the worker's key is made from it.
      jobId: randomUUID(),
      attempts: 8,
      backoff: { type: 'exponential', delay: 60_000 },
      removeOnComplete: true,
    })
  }
}
