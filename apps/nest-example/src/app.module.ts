import { MailgunModule, type MailgunModuleOptions } from '@mailgun-smtp/nestjs'
import { Module, type DynamicModule } from '@nestjs/common'
import { EventEmitterModule } from '@nestjs/event-emitter'
import { ScheduleModule } from '@nestjs/schedule'
import { LoansController } from './loans.controller.ts'
import { LoansService } from './loans.service.ts'
import { OutgoingModule } from './outgoing.module.ts'
import { ReceiptsService } from './receipts.service.ts'
import { RemindersService } from './reminders.service.ts'

/** A lending library: one letter by an event, one by the clock over a queue. */
@Module({})
export class AppModule {
  static forRoot(settings: {
    readonly mail?: MailgunModuleOptions | undefined
    readonly redisUrl?: string | undefined
  }): DynamicModule {
    return {
      module: AppModule,
      imports: [
        MailgunModule.forRoot(settings.mail),
        EventEmitterModule.forRoot(),
        ScheduleModule.forRoot(),
        OutgoingModule.forRoot(settings.redisUrl),
      ],
      controllers: [LoansController],
      providers: [LoansService, ReceiptsService, RemindersService],
    }
  }
}
