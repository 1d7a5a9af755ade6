import { BullModule } from '@nestjs/bullmq'
import { Module, type DynamicModule } from '@nestjs/common'
import { DirectOutgoing } from './direct-outgoing.ts'
import { OutgoingProcessor } from './outgoing.processor.ts'
import { Outgoing } from './outgoing.ts'
import { OUTGOING, QueuedOutgoing } from './queued-outgoing.ts'

/** A queue where there is a Redis or Valkey server, and otherwise none. */
@Module({})
export class OutgoingModule {
  static forRoot(redisUrl: string | undefined): DynamicModule {
    if (redisUrl === undefined) {
      return {
        module: OutgoingModule,
        providers: [{ provide: Outgoing, useClass: DirectOutgoing }],
        exports: [Outgoing],
      }
    }
    return {
      module: OutgoingModule,
      imports: [
        BullModule.forRoot({ connection: { url: redisUrl } }),
        BullModule.registerQueue({ name: OUTGOING }),
      ],
      providers: [OutgoingProcessor, { provide: Outgoing, useClass: QueuedOutgoing }],
      exports: [Outgoing],
    }
  }
}
