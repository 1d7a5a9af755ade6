import type { ComposedMessage } from '@mailgun-smtp/core'
import type { INestApplicationContext } from '@nestjs/common'
import { MailgunModule, MailgunService } from '../../src/index.ts'

interface Invoice {
  readonly number: number
}

interface MailTemplates {
  readonly welcome: { readonly name: string }
  readonly invoice: Invoice
  readonly ping: object
}

declare const typed: MailgunService<MailTemplates>
declare const open: MailgunService
declare const invoice: Invoice
const letter = { to: 'ada@example.com' }

// The name of a template decides its context.
void typed.send({ ...letter, template: 'welcome', context: { name: 'Ada' } })
void typed.send$({ ...letter, template: 'invoice', context: invoice })
void typed.sendBatch({ template: 'ping' }, [])
// A message without one stays as it is, and so does a service made from another.
void typed.with({ tags: ['a'] }).send({ ...letter, html: '<p>Hi</p>' })
// Without a type for them, any name and any object will do.
void open.send({ ...letter, template: 'anything', context: invoice })

// As the one that an application is asked for.
declare const app: INestApplicationContext
void app.get(MailgunService).send({ ...letter, template: 'anything', context: invoice })
// @ts-expect-error Two bodies, there too.
void app.get(MailgunService).send({ ...letter, template: 'ping', html: '<p>Hi</p>' })

// Only a template has to be waited for.
export const plain: ComposedMessage = typed.compose(letter)
export const rendered: Promise<ComposedMessage> = typed.compose({ ...letter, template: 'ping' })

// @ts-expect-error No such template.
void typed.send({ ...letter, template: 'wellcome', context: { name: 'Ada' } })
// @ts-expect-error The context of another template.
void typed.send({ ...letter, template: 'invoice', context: { name: 'Ada' } })
// @ts-expect-error A template with a context that is not given.
void typed.send({ ...letter, template: 'welcome' })
// @ts-expect-error Two bodies.
void typed.send({ ...letter, template: 'ping', html: '<p>Hi</p>' })
// @ts-expect-error A context of nothing.
void typed.send({ ...letter, context: { name: 'Ada' } })
// @ts-expect-error A renderer gives HTML or parts of a message.
MailgunModule.forRoot({ templates: () => 1 })
