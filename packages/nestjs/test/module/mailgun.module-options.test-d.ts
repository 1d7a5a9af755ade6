import { EventEmitter } from 'node:events'
import { createMailer, createMailgunTransport, type MailgunConfig } from '@mailgun-smtp/core'
import { Injectable } from '@nestjs/common'
import { MailgunModule, MailgunOptions } from '../../src/index.ts'

declare const auth: MailgunConfig['auth']

// Every form of the options compiles.
MailgunModule.forRoot()
MailgunModule.forRoot({ verify: 'warn' })
MailgunModule.forRoot({ name: 'marketing', auth, region: 'eu', isGlobal: false })
MailgunModule.forRoot({ mailer: createMailer() })
MailgunModule.forRoot({ mailer: createMailgunTransport({ auth }), verify: 'throw' })
MailgunModule.forRoot({ events: new EventEmitter(), logger: false })
MailgunModule.forRootAsync({
  inject: ['region'],
  useFactory: (region: 'us' | 'eu') => ({ auth, region, verify: 'warn' }),
})

// @ts-expect-error A region without a login would be lost: the environment has its own.
MailgunModule.forRoot({ region: 'eu' })
// @ts-expect-error A ready mailer has its config already.
MailgunModule.forRoot({ mailer: createMailer(), host: '127.0.0.1' })
// @ts-expect-error It tells its own logger already.
MailgunModule.forRoot({ mailer: createMailer(), events: new EventEmitter() })
// @ts-expect-error A misspelt setting.
MailgunModule.forRoot({ auth, regoin: 'eu' })
// One name is the decorator and the type.
const options: MailgunOptions = { tags: ['order'] }

@MailgunOptions(options, { inherit: false })
@Injectable()
export class Orders {
  @MailgunOptions((id: number) => ({ variables: { id } }))
  place(_id: number): void {}

  // @ts-expect-error A misspelt option.
  @MailgunOptions({ tgas: ['order'] })
  misspelt(): void {}

  // @ts-expect-error A field is no method.
  @MailgunOptions(options)
  field = 1
}
