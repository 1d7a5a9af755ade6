import { readFileSync } from 'node:fs'
import { createMailer } from '@mailgun-smtp/core'
import { Injectable, Module } from '@nestjs/common'
import { Test } from '@nestjs/testing'
import { describe, expect, it } from 'vitest'
import {
  getMailgunToken,
  getMailgunTransporterToken,
  InjectMailgun,
  MailgunModule,
  MailgunOptions,
  MailgunService,
} from '../../src/index.ts'
import {
  assertMail,
  createOutbox,
  getMailgunOutboxToken,
  MailgunTestingModule,
  type Outbox,
} from '../../src/testing/index.ts'

const letter = { to: 'ada@example.com', subject: 'Your receipt', text: 'Paid.' }
const auth = { user: 'postmaster@mg.example.com', pass: 's3cret' }

@Injectable()
class Receipts {
  constructor(@InjectMailgun() readonly mail: MailgunService) {}

  @MailgunOptions({ tags: ['receipt'] })
  async send(): Promise<void> {
    await this.mail.send({ from: 'shop@mg.example.com', ...letter })
  }
}

describe('MailgunTestingModule', () => {
  it('keeps final mails, with their options decoded, for the matchers', async () => {
    const module = await Test.createTestingModule({
      imports: [MailgunTestingModule.forRoot()],
      providers: [Receipts],
    }).compile()

    await module.get(Receipts).send()

    const outbox = module.get<Outbox>(getMailgunOutboxToken())
    await assertMail.toReceive(outbox, { to: 'ada@example.com', tag: 'receipt' })
    expect(() => assertMail.toHaveReceivedNothing(outbox)).toThrow(/receive/)
    expect(outbox.messages[0]?.options).toEqual({ tags: ['receipt'] })
    await module.close()
  })

  it('has one outbox for each name, and fields for every message', async () => {
    const named = (name: string) =>
      MailgunTestingModule.forRoot({ name, defaults: { from: `${name}@mg.example.com` } })
    const module = await Test.createTestingModule({
      imports: [named('news'), named('shop')],
    }).compile()

    await module.get<MailgunService>(getMailgunToken('news')).send(letter)

    const [news, shop] = ['news', 'shop'].map((name) =>
      module.get<Outbox>(getMailgunOutboxToken(name)),
    )
    expect(news?.messages.map(({ from }) => from)).toEqual(['news@mg.example.com'])
    expect(shop?.messages).toEqual([])
    await module.close()
  })

  it('lets several mailers share an outbox, each with its own fields', async () => {
    const outbox = createOutbox()
    const module = await Test.createTestingModule({
      imports: ['news', 'shop'].map((name) =>
        MailgunTestingModule.forRoot({
          name,
          outbox,
          defaults: { from: `${name}@mg.example.com` },
        }),
      ),
    }).compile()

    await module.get<MailgunService>(getMailgunToken('news')).send(letter)
    await module.get<MailgunService>(getMailgunToken('shop')).send(letter)

    expect(outbox.messages.map(({ from }) => from)).toEqual([
      'news@mg.example.com',
      'shop@mg.example.com',
    ])
    await module.close()
  })

  it('opens attachments by path as the options allow', async () => {
    const mail = async (disableFileAccess?: boolean): Promise<Buffer | undefined> => {
      const module = await Test.createTestingModule({
        imports: [MailgunTestingModule.forRoot({ disableFileAccess, logger: false })],
      }).compile()
      const path = new URL('../../package.json', import.meta.url).pathname
      await module
        .get(MailgunService)
        .send({ from: 'shop@mg.example.com', ...letter, attachments: [{ path }] })
      return module.get<Outbox>(getMailgunOutboxToken()).messages[0]?.raw
    }
    const file = readFileSync(new URL('../../package.json', import.meta.url), 'base64')

    await expect(mail()).rejects.toMatchObject({ path: 'attachments[0].path' })
    expect((await mail(false))?.toString().replaceAll('\r\n', '')).toContain(file)
  })
})

describe('overriding getMailgunTransporterToken()', () => {
  @Module({
    imports: [
      MailgunModule.forRootAsync({
        useFactory: () => ({
          auth,
          host: '192.0.2.1',
          verify: 'throw' as const,
          defaults: { from: 'shop@mg.example.com', mailgun: { tags: ['config'] } },
          templates: (template: string) => `<p>${template}</p>`,
        }),
      }),
      MailgunModule.forFeature({ tags: ['late'] }, { name: 'news' }),
      MailgunModule.forRoot({ name: 'news', auth, defaults: { from: 'news@mg.example.com' } }),
    ],
    providers: [Receipts],
  })
  class AppModule {}

  it('swaps the wire, and nothing else of the application', async () => {
    const outbox = createOutbox()
    const module = await Test.createTestingModule({ imports: [AppModule] })
      .overrideProvider(getMailgunTransporterToken())
      .useValue(outbox.transporter)
      .compile()
    await module.init()

    await module.get(Receipts).send()
    await module.get(Receipts).mail.send({ to: letter.to, template: 'hello' })

    expect(outbox.messages.map(({ from, options }) => [from, options])).toEqual([
      ['shop@mg.example.com', { tags: ['config', 'receipt'] }],
      ['shop@mg.example.com', { tags: ['config'] }],
    ])
    expect((await outbox.messages[1]?.load())?.html).toContain('<p>hello</p>')
    await module.close()
  })

  it('needs no login, and keeps what a ready transporter says of every message', async () => {
    const outbox = createOutbox()
    const ready = createOutbox().transporter
    ready._defaults = { ...ready._defaults, from: 'ready@mg.example.com' }
    const module = await Test.createTestingModule({
      imports: [
        MailgunModule.forRoot({ auth: undefined as never, region: 'eu' }),
        MailgunModule.forRoot({ name: 'ready', mailer: ready }),
      ],
    })
      .overrideProvider(getMailgunTransporterToken())
      .useValue(outbox.transporter)
      .overrideProvider(getMailgunTransporterToken('ready'))
      .useValue(outbox.transporter)
      .compile()

    await module.get(MailgunService).send({ from: 'shop@mg.example.com', ...letter })
    await module.get<MailgunService>(getMailgunToken('ready')).send(letter)

    expect(outbox.messages.map(({ from }) => from)).toEqual([
      'shop@mg.example.com',
      'ready@mg.example.com',
    ])
    await module.close()
  })

  it('takes a whole mailer too, and refuses anything else in a sentence', async () => {
    const outbox = createOutbox()
    const open = (value: unknown) =>
      Test.createTestingModule({ imports: [MailgunModule.forRoot({ auth })] })
        .overrideProvider(getMailgunTransporterToken())
        .useValue(value)
        .compile()
    const module = await open(createMailer(outbox.transporter))

    await module.get(MailgunService).send({ from: 'shop@mg.example.com', ...letter })

    expect(outbox.messages).toHaveLength(1)
    await expect(open(outbox)).rejects.toThrow(
      /Mailer 'default': Override getMailgunTransporterToken\(\) with a nodemailer transporter/,
    )
    await module.close()
  })
})
