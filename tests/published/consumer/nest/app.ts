import 'reflect-metadata'
import { createMailgunEmulator } from '@mailgun-smtp/emulator'
import { InjectMailgun, MailgunModule, MailgunOptions, MailgunService } from '@mailgun-smtp/nestjs'
import { MailgunTestingModule } from '@mailgun-smtp/nestjs/testing'
import { Controller, Get, Injectable, Module, Param } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'

@MailgunOptions({ tags: ['shop'] })
@Injectable()
class Mails {
  private readonly mail: MailgunService
  readonly news: MailgunService

  constructor(mail: MailgunService, @InjectMailgun('news') news: MailgunService) {
    this.mail = mail
    this.news = news
  }

  @MailgunOptions((id: string) => ({ variables: { id } }))
  async order(id: string): Promise<string> {
    const message = { from: 'shop@mg.example.com', to: 'ada@example.com', text: 'Thank you.' }
    const { reply } = await this.mail.send({ ...message, subject: id })
    return reply.text
  }
}

@Controller()
class Orders {
  private readonly mails: Mails

  constructor(mails: Mails) {
    this.mails = mails
  }

  @Get('orders/:id')
  @MailgunOptions({ track: false })
  order(@Param('id') id: string): Promise<string> {
    return this.mails.order(id)
  }
}

// @ts-expect-error A misspelt option.
export const misspelt: MailgunOptions = { tag: ['a'] }

export const doors: readonly unknown[] = [MailgunTestingModule]

async function main(): Promise<void> {
  const emulator = await createMailgunEmulator({ httpPort: false })

  @Module({
    imports: [
      MailgunModule.forRoot({ ...emulator.transport, verify: 'throw' }),
      MailgunModule.forRootAsync({ name: 'news', useFactory: () => emulator.transport }),
    ],
    controllers: [Orders],
    providers: [Mails],
  })
  class AppModule {}

  const app = await NestFactory.create(AppModule, { logger: ['error'] })
  await app.listen(0, '127.0.0.1')
  const response = await fetch(`${await app.getUrl()}/orders/41`, {
    headers: { connection: 'close' },
  })
  const { submission } = await emulator.waitFor({ subject: '41' })
  console.log(await response.text(), JSON.stringify(submission.options))
  await app.close()
  await emulator.close()
}

void main()
