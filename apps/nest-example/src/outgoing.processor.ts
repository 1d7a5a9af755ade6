import { DeliveryError, MailgunService, type ComposedMessage } from '@mailgun-smtp/nestjs'
import { Processor, WorkerHost } from '@nestjs/bullmq'
import { UnrecoverableError, type Job } from 'bullmq'
import { OUTGOING } from './queued-outgoing.ts'

/** The queue's worker. */
@Processor(OUTGOING)
export class OutgoingProcessor extends WorkerHost {
  constructor(private readonly mail: MailgunService) {
    super()
  }

  override async process({ id, data }: Job<ComposedMessage>): Promise<void> {
    try {
      // A job that this process is handed twice is sent once: its keys are in its memory. With several workers, give the
      // module a store that they share, or two of them can send the same job.
      await this.mail.send(data, { idempotencyKey: `${OUTGOING}/${id}` })
    } catch (error) {
      // Again only if it was surely not taken, and can be. The others stay among the failed jobs.
      if (error instanceof DeliveryError && error.retryable) throw error
      throw new UnrecoverableError(String(error))
    }
  }
}
