import {
  ConfigError,
  createMailer,
  createMailgunTransport,
  memoryStore,
  type MailgunConfig,
  type Store,
} from '@mailgun-smtp/core'
import { createMailgunEmulator, type MailgunEmulator } from '@mailgun-smtp/emulator'
import { Inject, Injectable, Module, Scope, type DynamicModule } from '@nestjs/common'
import { REQUEST } from '@nestjs/core'
import { Test, type TestingModule } from '@nestjs/testing'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  getMailgunToken,
  InjectMailgun,
  MailgunModule,
  MailgunService,
  type MailgunModuleOptions,
  type MailgunModuleOptionsFactory,
} from '../../src/index.ts'
import { message } from '../scene/sent-mail.ts'

const config: MailgunConfig = { auth: { user: 'postmaster@mg.example.com', pass: 's3cret' } }

let emulator: MailgunEmulator
const opened: TestingModule[] = []

beforeAll(async () => {
  emulator = await createMailgunEmulator({ httpPort: false, securePort: false })
})
beforeEach(() => emulator.reset())
afterEach(async () => {
  vi.unstubAllEnvs()
  await Promise.all(opened.splice(0).map((module) => module.close()))
})
afterAll(() => emulator.close())

async function open(...imports: DynamicModule[]): Promise<TestingModule> {
  const module = await Test.createTestingModule({ imports }).compile()
  opened.push(module)
  await module.init()
  return module
}

describe('forRoot', () => {
  it('injects the mailer by class in every module, and sends', async () => {
    @Injectable()
    class Shop {
      readonly mail: MailgunService
      constructor(@Inject(MailgunService) mail: MailgunService) {
        this.mail = mail
      }
    }
    @Module({ providers: [Shop] })
    class ShopModule {}
    const module = await open(MailgunModule.forRoot(emulator.transport), {
      module: ShopModule,
    })

    const receipt = await module.get(Shop, { strict: false }).mail.send(message)

    expect(receipt.accepted).toEqual(['ada@example.com'])
    expect(emulator.submissions.map(({ messageId }) => messageId)).toEqual([receipt.messageId])
  })

  it('injects by type where the compiler emits metadata', async () => {
    @Injectable()
    class Shop {
      constructor(readonly mail: MailgunService) {}
    }
    @Module({ providers: [Shop] })
    class ShopModule {}
    const module = await open(MailgunModule.forRoot(config), { module: ShopModule })

    expect(module.get(Shop, { strict: false }).mail).toBe(module.get(MailgunService))
  })

  it('injects named mailers by their names, each with its own config', async () => {
    @Injectable()
    class Shop {
      @InjectMailgun() readonly fallback!: MailgunService
      readonly marketing: MailgunService
      constructor(@InjectMailgun('marketing') marketing: MailgunService) {
        this.marketing = marketing
      }
    }
    @Module({ providers: [Shop] })
    class ShopModule {}
    const tagged = (tag: string): MailgunModuleOptions => ({
      ...emulator.transport,
      defaults: { mailgun: { tags: [tag] } },
    })
    const module = await open(
      MailgunModule.forRoot(tagged('default')),
      MailgunModule.forRoot({ name: 'marketing', ...tagged('marketing') }),
      { module: ShopModule },
    )
    const shop = module.get(Shop, { strict: false })

    await shop.fallback.send(message)
    await shop.marketing.send(message)

    expect(emulator.submissions.map(({ options }) => options.tags)).toEqual([
      ['default'],
      ['marketing'],
    ])
    expect(module.get(getMailgunToken('marketing'))).toBe(shop.marketing)
    expect(getMailgunToken()).toBe(MailgunService)
  })

  it('keeps the mailer to the importing module with isGlobal: false', async () => {
    @Injectable()
    class Shop {
      constructor(@Inject(MailgunService) readonly mail: MailgunService) {}
    }
    @Module({ providers: [Shop] })
    class ShopModule {}

    await expect(
      open(MailgunModule.forRoot({ ...config, isGlobal: false }), { module: ShopModule }),
    ).rejects.toThrow(/can't resolve dependencies of the Shop/)
  })

  it('takes a ready mailer and a ready transporter', async () => {
    const ready = createMailer(emulator.transport)
    const module = await open(
      MailgunModule.forRoot({ mailer: ready }),
      MailgunModule.forRoot({ name: 'plain', mailer: createMailgunTransport(emulator.transport) }),
    )

    await module.get(MailgunService).send(message)
    await module.get<MailgunService>(getMailgunToken('plain')).send(message)

    expect(emulator.submissions).toHaveLength(2)
  })

  it('reads the environment at the first send when it is given nothing', async () => {
    const module = await open(MailgunModule.forRoot())
    vi.stubEnv('MAILGUN_SMTP_URL', 'http://127.0.0.1')

    await expect(module.get(MailgunService).send(message)).rejects.toThrow(
      /The URL must begin with mailgun\+smtp/,
    )
  })

  it('takes the settings of a config beside the environment, and beside a URL', async () => {
    const { user, pass } = emulator.transport.auth
    const url = `smtp://${encodeURIComponent(user)}:${encodeURIComponent(pass)}@${emulator.host}:${emulator.port}?requireTLS=false`
    vi.stubEnv('MAILGUN_SMTP_URL', url)
    const defaults = { from: 'defaults@mg.example.com', mailgun: { tags: ['default'] } }
    const module = await open(
      MailgunModule.forRoot({ defaults, pool: true }),
      MailgunModule.forRoot({ name: 'url', url, defaults, retry: false }),
    )

    for (const name of [undefined, 'url']) {
      await module
        .get<MailgunService>(getMailgunToken(name))
        .send({ to: 'ada@example.com', text: 'Hi' })
    }

    expect(emulator.submissions.map(({ options }) => options)).toEqual([
      { tags: ['default'] },
      { tags: ['default'] },
    ])
  })

  it('takes settings of the sending for the environment and for a transporter', async () => {
    const { host, port, auth } = emulator.transport
    const url = `smtp://${encodeURIComponent(auth.user)}:${auth.pass}@${host}:${port}?requireTLS=false`
    vi.stubEnv('MAILGUN_SMTP_URL', url)
    const store = memoryStore()
    const kept: string[] = []
    const watched: Store = {
      reserve: (...args) => (kept.push(args[0]), store.reserve(...args)),
      update: (...args) => store.update(...args),
      read: (...args) => store.read(...args),
    }
    const module = await open(
      MailgunModule.forRoot({ store: watched }),
      MailgunModule.forRoot({
        name: 'plain',
        mailer: createMailgunTransport(emulator.transport),
        store: watched,
      }),
    )

    await module.get(MailgunService).send(message, { idempotencyKey: 'environment' })
    const plain = module.get<MailgunService>(getMailgunToken('plain'))
    await plain.send(message, { idempotencyKey: 'transporter' })

    expect(kept).toEqual(['environment', 'transporter'])
    expect(emulator.submissions).toHaveLength(2)
  })

  it('lets a derived service send with more options', async () => {
    const module = await open(MailgunModule.forRoot(emulator.transport))

    await module
      .get(MailgunService)
      .with({ tags: ['derived'] })
      .send(message)

    expect(emulator.submissions[0]?.options).toEqual({ tags: ['derived'] })
  })
})

describe('forRootAsync', () => {
  const LOGIN = 'login'

  @Injectable()
  class Options implements MailgunModuleOptionsFactory {
    createMailgunOptions(): MailgunModuleOptions {
      return emulator.transport
    }
  }
  @Module({
    providers: [Options, { provide: LOGIN, useFactory: () => emulator.credentials }],
    exports: [Options, LOGIN],
  })
  class ConfigModule {}

  it.each<[string, () => DynamicModule]>([
    [
      'useFactory with inject and imports',
      () =>
        MailgunModule.forRootAsync({
          imports: [ConfigModule],
          inject: [LOGIN],
          useFactory: async (auth: MailgunConfig['auth']) => ({ ...emulator.transport, auth }),
        }),
    ],
    [
      'useFactory with extraProviders',
      () =>
        MailgunModule.forRootAsync({
          extraProviders: [{ provide: 'extra', useFactory: () => emulator.transport }],
          inject: ['extra'],
          useFactory: (transport: MailgunModuleOptions) => transport,
        }),
    ],
    ['useClass', () => MailgunModule.forRootAsync({ useClass: Options })],
    [
      'useExisting',
      () => MailgunModule.forRootAsync({ imports: [ConfigModule], useExisting: Options }),
    ],
    ['a name', () => MailgunModule.forRootAsync({ name: 'other', useClass: Options })],
  ])('takes %s', async (form, build) => {
    const module = await open(build())
    const token = getMailgunToken(form === 'a name' ? 'other' : undefined)

    await module.get<MailgunService>(token).send(message)

    expect(emulator.submissions).toHaveLength(1)
  })
})

describe('refuses', () => {
  const broken = (options: unknown): (() => Promise<TestingModule>) => {
    return () =>
      open(MailgunModule.forRootAsync({ useFactory: () => options as MailgunModuleOptions }))
  }

  it.each<[string, () => Promise<TestingModule>, RegExp]>([
    ['an unknown setting', broken({ smtp: config }), /Mailer 'default': smtp is not a setting/],
    ['a config without a login', broken({ region: 'eu' }), /auth must hold user and pass/],
    ['another verify', broken({ ...config, verify: true }), /verify must be 'off', 'warn' or/],
    ['a name in the result of the factory', broken({ ...config, name: 'x' }), /next to useFactory/],
    ['a mailer and a config', broken({ mailer: createMailer(config), ...config }), /exclude/],
    [
      'a time of no length',
      broken({ ...config, verifyTimeout: 0 }),
      /verifyTimeout must be a whole/,
    ],
    ['templates in a folder', broken({ ...config, templates: './mails' }), /must be a function/],
    ['another logger', broken({ ...config, logger: true }), /logger must be an object/],
    [
      'settings of a ready mailer',
      broken({ mailer: createMailer(config), retry: false }),
      /mailer and retry exclude/,
    ],
    ['another mailer', broken({ mailer: config }), /must be a mailer from createMailer\(\)/],
    ['a bare mailer', broken(createMailer(config)), /is passed as \{ mailer \}/],
    ['a URL', broken('smtp://user:pass@127.0.0.1:1'), /createMailer\(url\)/],
    [
      'the bare module',
      async () => open({ module: MailgunModule }),
      /MailgunModule is imported without a mailer/,
    ],
  ])('%s, in one sentence without a secret', async (_what, build, sentence) => {
    const error: unknown = await build().catch((reason: unknown) => reason)

    expect(error).toBeInstanceOf(ConfigError)
    expect(String(error)).toMatch(sentence)
    expect(String(error)).not.toMatch(/s3cret|user:pass/)
  })

  it.each<[string, () => unknown, RegExp]>([
    [
      'a bare transporter',
      () => MailgunModule.forRoot(createMailgunTransport(config) as never),
      /\{ mailer \}/,
    ],
    ['a promise', () => MailgunModule.forRoot(Promise.resolve(config) as never), /forRootAsync/],
    ['no factory', () => MailgunModule.forRootAsync({}), /needs useFactory, useClass or/],
    [
      'a setting beside the factory',
      () => MailgunModule.forRootAsync({ useFactory: () => config, verify: 'warn' } as never),
      /verify does not belong next to/,
    ],
    ['an empty name', () => MailgunModule.forRoot({ ...config, name: '' }), /must be a string/],
  ])('%s at once', (_what, build, sentence) => {
    expect(build).toThrow(ConfigError)
    expect(build).toThrow(sentence)
  })

  it('two mailers of one name, naming who imports them, in one application only', async () => {
    @Module({ imports: [MailgunModule.forRoot({ ...config, name: 'marketing' })] })
    class NewsModule {}
    @Module({
      imports: [MailgunModule.forRootAsync({ name: 'marketing', useFactory: () => config })],
    })
    class OfferModule {}
    class DynamicNews {
      static forRoot(): DynamicModule {
        const imports = [MailgunModule.forRoot(config), MailgunModule.forRoot(config)]
        return { module: DynamicNews, imports }
      }
    }

    await expect(open({ module: NewsModule }, { module: OfferModule })).rejects.toThrow(
      /2 mailers have the name 'marketing', imported by NewsModule and OfferModule\./,
    )
    await expect(
      open(MailgunModule.forRoot(config), MailgunModule.forRoot(config)),
    ).rejects.toThrow(/2 mailers have the name 'default', imported by RootTestModule\./)
    await expect(open(DynamicNews.forRoot())).rejects.toThrow(/imported by a dynamic module\./)
    const shared = MailgunModule.forRoot(config)
    @Module({ imports: [shared] })
    class ShopModule {}
    await open(shared, { module: ShopModule })
    await open(MailgunModule.forRoot(config))
  })
})

describe('options that depend on the request', () => {
  @Injectable()
  class CurrentTenant {
    constructor(@Inject(REQUEST) readonly request: unknown) {}
  }
  @Injectable({ scope: Scope.REQUEST })
  class TenantSettings implements MailgunModuleOptionsFactory {
    createMailgunOptions(): MailgunModuleOptions {
      return config
    }
  }
  @Injectable({ scope: Scope.TRANSIENT })
  class Settings implements MailgunModuleOptionsFactory {
    createMailgunOptions(): MailgunModuleOptions {
      return config
    }
  }

  it.each<[string, DynamicModule]>([
    ['REQUEST', MailgunModule.forRootAsync({ inject: [REQUEST], useFactory: () => config })],
    [
      'CurrentTenant',
      MailgunModule.forRootAsync({
        extraProviders: [CurrentTenant],
        inject: [CurrentTenant],
        useFactory: () => config,
      }),
    ],
    ['TenantSettings', MailgunModule.forRootAsync({ useClass: TenantSettings })],
  ])('are refused when the application starts, and the error names %s', async (name, imported) => {
    const error: unknown = await open(imported).catch((reason: unknown) => reason)

    expect(error).toBeInstanceOf(ConfigError)
    expect(String(error)).toContain(
      `Mailer 'default': its options depend on ${name}, which is request-scoped`,
    )
    expect(String(error)).toContain('MailgunService.for(tenant)')
  })

  it('are taken from a transient provider, which is made once for them', async () => {
    const module = await open(MailgunModule.forRootAsync({ useClass: Settings }))

    expect(module.get(MailgunService)).toBeInstanceOf(MailgunService)
  })
})

it.each([
  [
    'transport',
    /transport is not an option of MailgunModule: .* pass a nodemailer transporter as mailer/,
  ],
  ['transporter', /transporter is not an option of MailgunModule: pass it as mailer/],
])('says what to write for %s, an option of other modules', async (option, sentence) => {
  await expect(open(MailgunModule.forRoot({ [option]: {} } as never))).rejects.toThrow(sentence)
})
