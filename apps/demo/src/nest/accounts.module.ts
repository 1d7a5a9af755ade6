import { MailgunModule } from '@mailgun-smtp/nestjs'
import { Module } from '@nestjs/common'
import { APP_FILTER } from '@nestjs/core'
import { AccountsController } from './accounts.controller.ts'
import { AccountsService } from './accounts.service.ts'
import { ApologyFilter } from './apology.filter.tsx'
import { SignUpPages } from './sign-up-pages.tsx'

/** Accounts, and the mail they need: the login is read from the environment. */
@Module({
  imports: [MailgunModule.forRoot()],
  controllers: [AccountsController],
  providers: [AccountsService, SignUpPages, { provide: APP_FILTER, useClass: ApologyFilter }],
})
export class AccountsModule {}
