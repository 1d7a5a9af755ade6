import {
  Body,
  Controller,
  Get,
  Header,
  NotFoundException,
  Param,
  Post,
  Redirect,
} from '@nestjs/common'
import { sentMail } from '../shop/sent-mail.ts'
import { readAccount } from './account.ts'
import { AccountsService } from './accounts.service.ts'
import { SignUpPages } from './sign-up-pages.tsx'

const html: [string, string] = ['Content-Type', 'text/html; charset=utf-8']

/** The pages of an account, which is the one page where it is opened. */
@Controller()
export class AccountsController {
  constructor(
    private readonly accounts: AccountsService,
    private readonly pages: SignUpPages,
  ) {}

  @Get()
  @Redirect('/sign-up')
  index(): void {}

  @Get('sign-up')
  @Header(...html)
  form(): Promise<string> {
    return this.pages.blank()
  }

  @Post('sign-up')
  @Redirect('/sign-up', 303)
  async signUp(@Body() body: unknown): Promise<{ url: string }> {
    const receipt = await this.accounts.welcome(readAccount(body))
    return { url: `/sign-up/sent/${sentMail.keep(receipt)}` }
  }

  @Get('sign-up/sent/:key')
  @Header(...html)
  sent(@Param('key') key: string): Promise<string> {
    const confirmation = sentMail.find(key)
    if (!confirmation) throw new NotFoundException()
    return this.pages.confirmed(confirmation)
  }
}
