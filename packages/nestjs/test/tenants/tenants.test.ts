import { ConfigError, InvalidOptionError, memoryStore } from '@mailgun-smtp/core'
import { createOutbox } from '@mailgun-smtp/core/testing'
import { createMailgunEmulator, type MailgunEmulator } from '@mailgun-smtp/emulator'
import { Test, type TestingModule } from '@nestjs/testing'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  getMailgunTransporterToken,
  MailgunModule,
  MailgunService,
  withMailgunOptions,
  type ComposedMessage,
  type MailgunModuleOptions,
  type TenantConfigs,
} from '../../src/index.ts'
import { message } from '../scene/sent-mail.ts'
import { auth } from '../scene/silent-server.ts'

let oslo: MailgunEmulator
let rome: MailgunEmulator
let lookups: string[]
const modules: TestingModule[] = []

beforeEach(async () => {
  ;[oslo, rome] = (await Promise.all(
    [1, 2].map(() => createMailgunEmulator({ httpPort: false, securePort: false })),
  )) as [MailgunEmulator, MailgunEmulator]
  lookups = []
})
afterEach(async () => {
  await Promise.all(modules.splice(0).map((module) => module.close()))
  await Promise.all([oslo.close(), rome.close()])
})

const tenants: TenantConfigs = async (tenant) => {
  lookups.push(tenant)
  return { oslo: oslo.transport, rome: rome.transport }[tenant]
}

async function open(options: Partial<MailgunModuleOptions>): Promise<MailgunService> {
  const module = await Test.createTestingModule({
    imports: [
      MailgunModule.forRoot({ logger: false, retry: false, ...options } as MailgunModuleOptions),
    ],
  }).compile()
  modules.push(module)
  await module.init()
  return module.get(MailgunService)
}

it('sends the mail of each tenant through its own login', async () => {
  const mail = await open({ tenants })

  await (await mail.for('oslo')).send(message)
  await (await mail.for('rome')).send(message)

  expect(oslo.submissions).toHaveLength(1)
  expect(rome.submissions).toHaveLength(1)
})

it('looks a tenant up once, also for calls at one time, and again after forget()', async () => {
  const mail = await open({ tenants })

  await Promise.all([mail.for('oslo'), mail.for('oslo'), mail.for('rome')])
  await mail.for('oslo')
  await mail.forget('oslo')
  await (await mail.for('oslo')).send(message)

  expect(lookups).toEqual(['oslo', 'rome', 'oslo'])
  expect(oslo.submissions).toHaveLength(1)
})

it('opens no connection before the first mail', async () => {
  const mail = await open({ tenants })

  await mail.for('oslo')

  expect(oslo.sessions).toEqual([])
})

it('keeps at most maxTenants mailers, and the service of a closed one still sends', async () => {
  const mail = await open({
    tenants: (tenant) => ({ ...{ oslo, rome }[tenant]?.transport, pool: true }) as never,
    maxTenants: 1,
  })
  const first = await mail.for('oslo')
  await first.send(message)

  await (await mail.for('rome')).send(message)
  await vi.waitFor(() => expect(oslo.sessions[0]?.closedAt).toBeDefined())
  await first.send(message)

  expect(oslo.submissions).toHaveLength(2)
  expect(oslo.sessions).toHaveLength(2)
})

it('never closes a mailer that sends', async () => {
  const mail = await open({ tenants, maxTenants: 1 })
  const isSending = new Promise<void>((resolve) => {
    oslo.faults.when(
      () => {
        resolve()
        return false
      },
      { at: 'data', drop: true },
    )
  })
  oslo.faults.next({ at: 'data', delay: 50 })
  const sending = (await mail.for('oslo')).send(message)
  await isSending

  await (await mail.for('rome')).send(message)

  await expect(sending).resolves.toMatchObject({ refused: [] })
})

it('closes with the application: mail on its way is sent, later mail is refused', async () => {
  const mail = await open({ tenants })
  const ofOslo = await mail.for('oslo')
  const sending = ofOslo.send(message)

  await modules[0]?.close()

  await expect(sending).resolves.toMatchObject({ refused: [] })
  await expect(ofOslo.send(message)).rejects.toMatchObject({ code: 'ERR_MAILGUN_CLOSED' })
  await expect(mail.for('rome')).rejects.toMatchObject({ code: 'ERR_MAILGUN_CLOSED' })
})

it('keeps scope, with(), module defaults and compose for the mail of a tenant', async () => {
  const mail = await open({ tenants })
  const derived = mail.withDefaults({ tags: ['feature'] }).with({ variables: { by: 'with' } })
  const ofOslo = (await derived.for('oslo')).with({ requireTls: true })

  const { messageId } = await withMailgunOptions({ tags: ['scope'] }, () => ofOslo.send(message))
  const job = JSON.parse(JSON.stringify(ofOslo.compose(message))) as ComposedMessage
  const later = await (await mail.for('oslo')).send(job)

  expect((await oslo.waitFor({ messageId })).submission.options).toEqual({
    tags: ['feature', 'scope'],
    variables: { by: 'with' },
    requireTls: true,
  })
  expect((await oslo.waitFor({ messageId: later.messageId })).submission.options).toEqual({
    tags: ['feature'],
    variables: { by: 'with' },
    requireTls: true,
  })
})

it("keeps tenants apart in one store: a key is the tenant's own", async () => {
  const mail = await open({ tenants, store: memoryStore() })
  const settings = { idempotencyKey: 'order/1' }

  for (const tenant of ['oslo', 'rome', 'oslo']) {
    await (await mail.for(tenant)).send(message, settings)
  }

  expect(oslo.submissions).toHaveLength(1)
  expect(rome.submissions).toHaveLength(1)
})

it("has the module's settings below the tenant's own, and tells the observers of both", async () => {
  const told: string[] = []
  const observer = (name: string) => ({ name, start: () => void told.push(name) })
  const mail = await open({
    observers: [observer('module')],
    tenants: () => ({ ...oslo.transport, observers: [observer('tenant')] }),
  })

  await (await mail.for('oslo')).send(message)

  expect(told).toEqual(['module', 'tenant'])
})

it("sends nothing of a tenant's for real where a test overrides the transporter", async () => {
  const outbox = createOutbox()
  const module = await Test.createTestingModule({
    imports: [
      MailgunModule.forRoot({
        tenants: (tenant) => ({ auth, defaults: { from: `${tenant}@mg.example.com` } }),
        maxTenants: 1,
      }),
    ],
  })
    .overrideProvider(getMailgunTransporterToken())
    .useValue(outbox.transporter)
    .compile()
  modules.push(module)
  const mail = module.get(MailgunService)

  for (const tenant of ['oslo', 'rome', 'oslo']) {
    await (await mail.for(tenant)).send({ to: 'ada@example.com', text: 'Hi' })
  }

  expect(outbox.messages.map(({ from }) => from)).toEqual([
    'oslo@mg.example.com',
    'rome@mg.example.com',
    'oslo@mg.example.com',
  ])
})

describe('refuses', () => {
  it('a module without tenants', async () => {
    const mail = await open(oslo.transport)

    await expect(mail.for('oslo')).rejects.toThrow(/needs MailgunModule\.forRoot\(\{ tenants \}\)/)
  })

  it('an unknown tenant, without naming it, and looks it up again the next time', async () => {
    const mail = await open({ tenants })

    const error: unknown = await mail.for('canary').catch((reason: unknown) => reason)
    await mail.for('canary').catch(() => undefined)

    expect(error).toBeInstanceOf(ConfigError)
    expect(String(error)).toMatch(/returned no config for this tenant/)
    expect(String(error)).not.toMatch(/canary/)
    expect(lookups).toEqual(['canary', 'canary'])
  })

  it.each([['', 'two\nlines', 'x'.repeat(201), 7 as never, undefined as never]].flat())(
    'the key %j',
    async (tenant) => {
      const mail = await open({ tenants })

      await expect(mail.for(tenant)).rejects.toThrow(InvalidOptionError)
      expect(lookups).toEqual([])
    },
  )

  it('a config that cannot make a mailer, at for()', async () => {
    const mail = await open({ tenants: () => ({ auth, region: 'asia' as never }) })

    await expect(mail.for('oslo')).rejects.toThrow(ConfigError)
  })

  it("a config without a login: the environment's is not the tenant's", async () => {
    const mail = await open({ tenants: () => ({ pool: true }) as never })

    await expect(mail.for('oslo')).rejects.toThrow(/must return a config with auth or url/)
  })

  it.each([
    [{ tenants: {} as never }, /tenants must be a function/],
    [{ tenants, maxTenants: 0 }, /maxTenants must be a whole number from 1/],
  ] as const)('settings of the wrong kind', async (options, sentence) => {
    await expect(open(options)).rejects.toThrow(sentence)
  })

  it('nothing of what tenants() throws: the caller gets it', async () => {
    const mail = await open({
      tenants: () => {
        throw new RangeError('the database is away')
      },
    })

    await expect(mail.for('oslo')).rejects.toThrow(RangeError)
  })
})
