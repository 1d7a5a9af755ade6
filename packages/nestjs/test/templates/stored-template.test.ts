import { InvalidOptionError } from '@mailgun-smtp/core'
import { createOutbox } from '@mailgun-smtp/core/testing'
import { Inject, Injectable } from '@nestjs/common'
import { Test } from '@nestjs/testing'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { MailgunOptions, MailgunService, storedTemplate } from '../../src/index.ts'
import { MailgunTestingModule } from '../../src/testing/index.ts'
import { message } from '../scene/sent-mail.ts'

const welcome = storedTemplate(
  'welcome',
  z.object({ name: z.string(), cups: z.coerce.number().default(1) }),
  { version: 'v2' },
)

@Injectable()
class Accounts {
  constructor(@Inject(MailgunService) private readonly mail: MailgunService) {}

  @MailgunOptions((name: string) => welcome({ name, cups: '3' }))
  async open(_name: string): Promise<void> {
    await this.mail.send({ ...message, html: '<p></p>' })
  }
}

it('gives a stored template the variables that its schema makes, for a message or a method', async () => {
  const outbox = createOutbox()
  const module = await Test.createTestingModule({
    imports: [MailgunTestingModule.forRoot({ outbox, logger: false })],
    providers: [Accounts],
  }).compile()

  await module.get(Accounts).open('Ada')
  await module.get(MailgunService).send({ ...message, mailgun: welcome({ name: 'Bo' }) })

  expect(outbox.messages.map(({ options }) => options)).toEqual([
    {
      templateName: 'welcome',
      templateVersion: 'v2',
      templateVariables: { name: 'Ada', cups: 3 },
    },
    { templateName: 'welcome', templateVersion: 'v2', templateVariables: { name: 'Bo', cups: 1 } },
  ])
  await module.close()
})

it('refuses what the schema refuses, naming the place and no value', () => {
  const places = storedTemplate(
    'places',
    z.object({ seats: z.record(z.string(), z.object({ row: z.number() })) }),
  )
  const refuse = (seats: Record<string, unknown>): unknown => {
    try {
      return places({ seats } as never)
    } catch (error) {
      return error
    }
  }

  const plain = refuse({ ada: { row: 'canary' } })
  const address = refuse({ 'canary@example.com': { row: 'canary' } })

  expect(plain).toBeInstanceOf(InvalidOptionError)
  expect(plain).toMatchObject({ path: 'templateVariables.seats.ada.row' })
  expect(address).toMatchObject({ path: 'templateVariables.seats.….row' })
  expect(`${String(plain)}${String(address)}`).not.toContain('canary')
})

it('refuses a schema that needs time', () => {
  const slow = storedTemplate('slow', z.object({ name: z.string().refine(async () => true) }))

  expect(() => slow({ name: 'Ada' })).toThrow(/must validate synchronously/)
})

it('takes no other variables by type', () => {
  // @ts-expect-error There is no such variable, and `name` is missing.
  expect(() => welcome({ nam: 'Ada' })).toThrow(InvalidOptionError)
  // @ts-expect-error What Mailgun could not be told: a date is no JSON.
  storedTemplate('late', z.object({ at: z.date() }))
})
