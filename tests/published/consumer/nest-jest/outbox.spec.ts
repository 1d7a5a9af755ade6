import { expect, it } from '@jest/globals'
import {
  getMailgunTransporterToken,
  MailgunModule,
  MailgunOptions,
  MailgunService,
} from '@mailgun-smtp/nestjs'
import { assertMail, createOutbox } from '@mailgun-smtp/nestjs/testing'
import { Injectable, Module } from '@nestjs/common'
import { Test } from '@nestjs/testing'

@Injectable()
class Mails {
  constructor(private readonly mail: MailgunService) {}

  @MailgunOptions({ tags: ['welcome'] })
  async welcome(to: string): Promise<void> {
    await this.mail.send({ from: 'shop@mg.example.com', to, subject: 'Welcome', text: 'Hi' })
  }
}

@Module({ imports: [MailgunModule.forRoot({ logger: false })], providers: [Mails] })
class AppModule {}

it('keeps the mail of the whole application in an outbox', async () => {
  const outbox = createOutbox()
  const app = await Test.createTestingModule({ imports: [AppModule] })
    .overrideProvider(getMailgunTransporterToken())
    .useValue(outbox.transporter)
    .compile()

  await app.get(Mails).welcome('ada@example.com')

  await assertMail.toReceive(outbox, { to: 'ada@example.com', tag: 'welcome' })
  expect(outbox.messages[0]?.options).toEqual({ tags: ['welcome'] })
  await app.close()
})
