import type { MailgunMessage, Receipt } from '@mailgun-smtp/core'
import {
  MailgunModule,
  MailgunOptions,
  MailgunService,
  type MailgunModuleOptions,
} from '@mailgun-smtp/nestjs'
import { Inject, Injectable, Module } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import type { OpenAdapter } from './adapter.ts'

@Injectable()
class Letters {
  readonly #mail: MailgunService

  constructor(@Inject(MailgunService) mail: MailgunService) {
    this.#mail = mail
  }

  send(message: MailgunMessage): Promise<Receipt> {
    return this.#mail.send(message)
  }

  @MailgunOptions((options: MailgunOptions) => options)
  async sendWithin(_options: MailgunOptions, message: MailgunMessage): Promise<Receipt> {
    await Promise.resolve()
    return await this.send(message)
  }
}

/** NestJS: a provider whose method carries the decorator. */
export const openNestjs: OpenAdapter = async (config) => {
  const { name: _name, ...options } = config

  @Module({
    imports: [MailgunModule.forRoot(options as MailgunModuleOptions)],
    providers: [Letters],
  })
  class AppModule {}

  const app = await NestFactory.createApplicationContext(AppModule, { logger: false })
  const letters = app.get(Letters)
  return {
    send: (message) => letters.send(message),
    sendWithin: (scope, message) => letters.sendWithin(scope, message),
    [Symbol.asyncDispose]: () => app.close(),
  }
}
