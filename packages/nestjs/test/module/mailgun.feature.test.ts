import { ConfigError, InvalidOptionError } from '@mailgun-smtp/core'
import { createOutbox, type Outbox } from '@mailgun-smtp/core/testing'
import { Injectable, Module, type DynamicModule, type Type } from '@nestjs/common'
import { LazyModuleLoader, ModuleRef } from '@nestjs/core'
import { Test, type TestingModule } from '@nestjs/testing'
import { afterEach, expect, it } from 'vitest'
import {
  getMailgunRootToken,
  getMailgunToken,
  InjectMailgun,
  MailgunModule,
  MailgunService,
  withMailgunOptions,
} from '../../src/index.ts'
import { MailgunTestingModule } from '../../src/testing/index.ts'
import { message } from '../scene/sent-mail.ts'

const opened: TestingModule[] = []

afterEach(async () => {
  await Promise.all(opened.splice(0).map((module) => module.close()))
})

async function open(...imports: (DynamicModule | Type)[]): Promise<TestingModule> {
  const module = await Test.createTestingModule({ imports }).compile()
  opened.push(module)
  return await module.init()
}

@Injectable()
class Billing {
  constructor(@InjectMailgun() readonly mail: MailgunService) {}
}

@Injectable()
class Statements {
  constructor(@InjectMailgun() readonly mail: MailgunService) {}
}

@Injectable()
class Shop {
  constructor(
    @InjectMailgun() readonly mail: MailgunService,
    @InjectMailgun('news') readonly news: MailgunService,
  ) {}
}

@Module({
  imports: [MailgunModule.forFeature({ tags: ['billing'], requireTls: true })],
  providers: [Billing, Statements],
})
class BillingModule {}

@Module({
  imports: [MailgunModule.forFeature({ tags: ['shop'] }, { name: 'news' })],
  providers: [Shop],
})
class ShopModule {}

function root(outbox: Outbox, name?: string): DynamicModule {
  const defaults = { mailgun: { tags: ['config'], requireTls: false } }
  return MailgunTestingModule.forRoot({ name, outbox, defaults })
}

it('gives a module its defaults: over those of the config, under the scope', async () => {
  const outbox = createOutbox()
  const module = await open(root(outbox), root(outbox, 'news'), BillingModule, ShopModule)
  const { mail } = module.get(Billing, { strict: false })

  await mail.send(message)
  await withMailgunOptions({ requireTls: null }, () => mail.send(message))

  expect(outbox.messages.map(({ options }) => options)).toEqual([
    { tags: ['config', 'billing'], requireTls: true },
    { tags: ['config', 'billing'] },
  ])
})

it('holds for every class of its module, for the mailer of its name, and nowhere else', async () => {
  const outbox = createOutbox()
  const module = await open(root(outbox), root(outbox, 'news'), BillingModule, ShopModule)
  const shop = module.get(Shop, { strict: false })

  await module.get(Statements, { strict: false }).mail.send(message)
  await shop.mail.send(message)
  await shop.news.send(message)
  await module.get<MailgunService>(getMailgunRootToken(), { strict: false }).send(message)

  expect(outbox.messages.map(({ options }) => options.tags)).toEqual([
    ['config', 'billing'],
    ['config'],
    ['config', 'shop'],
    ['config'],
  ])
})

it.each(['before', 'after'])(
  "leaves app.get() the service without any module's defaults, imported %s the mailer",
  async (when) => {
    const outbox = createOutbox()
    const mailers = [root(outbox), root(outbox, 'news')]
    const features = [BillingModule, ShopModule]
    const module = await open(
      ...(when === 'before' ? [...features, ...mailers] : [...mailers, ...features]),
    )

    for (const name of [undefined, 'news']) {
      await module.get<MailgunService>(getMailgunToken(name)).send(message)
    }
    await module.get(MailgunService, { strict: false }).send(message)

    expect(outbox.messages.map(({ options }) => options.tags)).toEqual([
      ['config'],
      ['config'],
      ['config'],
    ])
  },
)

it('may be imported before the mailer is', async () => {
  const outbox = createOutbox()
  const module = await open(BillingModule, root(outbox))

  await module.get(Billing, { strict: false }).mail.send(message)

  expect(outbox.messages[0]?.options.tags).toEqual(['config', 'billing'])
})

it('holds for what its module makes later', async () => {
  const outbox = createOutbox()
  const module = await open(root(outbox), BillingModule)

  const late = await module
    .select(BillingModule)
    .get(ModuleRef, { strict: true })
    .create(Statements)
  await late.mail.send(message)

  expect(outbox.messages[0]?.options.tags).toEqual(['config', 'billing'])
})

it('may be shared by modules', async () => {
  const feature = MailgunModule.forFeature({ tags: ['accounts'] })
  @Module({ imports: [feature], providers: [Billing] })
  class Invoices {}
  @Module({ imports: [feature, Invoices], providers: [Statements] })
  class Accounts {}
  const outbox = createOutbox()
  const module = await open(root(outbox), Accounts)

  await module.get(Billing, { strict: false }).mail.send(message)
  await module.get(Statements, { strict: false }).mail.send(message)

  expect(outbox.messages.map(({ options }) => options.tags)).toEqual([
    ['config', 'accounts'],
    ['config', 'accounts'],
  ])
})

it('sends through the connection of its mailer, which closes it', async () => {
  const module = await open(root(createOutbox()), BillingModule)
  const { mail } = module.get(Billing, { strict: false })

  await module.close()

  await expect(mail.send(message)).rejects.toMatchObject({ code: 'ERR_MAILGUN_CLOSED' })
})

it('refuses options that cannot be sent, where they are written', () => {
  expect(() => MailgunModule.forFeature({ tags: ['ä'] })).toThrow(InvalidOptionError)
})

it.each<[string, (mailer: DynamicModule) => (DynamicModule | Type)[], RegExp]>([
  [
    'a mailer that the module finds first',
    (mailer) => [mailer, MailgunModule.forFeature({ tags: ['late'] })],
    /no effect in RootTestModule: the mailer 'default' is imported before it\. List forFeature/,
  ],
  [
    'a second time in one module',
    (mailer) => [
      MailgunModule.forFeature({ tags: ['first'] }),
      MailgunModule.forFeature({ tags: ['second'] }),
      mailer,
    ],
    /no effect in RootTestModule/,
  ],
  [
    'a mailer that there is not',
    () => [BillingModule],
    /finds no mailer 'default': the application needs its MailgunModule\.forRoot/,
  ],
  [
    'a mailer that is not global',
    (mailer) => [{ ...mailer, global: false }, BillingModule],
    /finds no mailer 'default'/,
  ],
])('refuses %s, in one sentence', async (_what, imports, sentence) => {
  const error: unknown = await open(...imports(root(createOutbox()))).catch(
    (reason: unknown) => reason,
  )

  expect(error).toBeInstanceOf(ConfigError)
  expect(String(error)).toMatch(sentence)
})

it('refuses a module that is loaded lazily, where Nest finds the global mailer first', async () => {
  const module = await open(root(createOutbox()))

  const loading = module.get(LazyModuleLoader).load(() => BillingModule)

  await expect(loading).rejects.toThrow(/no effect in BillingModule: .* loaded lazily/)
})
