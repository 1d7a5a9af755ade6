import { createMailgunEmulator, type MailgunEmulator } from '@mailgun-smtp/emulator'
import { Controller, Get, Inject, Logger, type DynamicModule } from '@nestjs/common'
import type { NestExpressApplication } from '@nestjs/platform-express'
import { HealthCheckService, TerminusModule, type HealthCheckResult } from '@nestjs/terminus'
import { Test } from '@nestjs/testing'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { MailgunModule } from '../../src/index.ts'
import { MailgunHealthIndicator } from '../../src/terminus/index.ts'
import { closedPort, startSilentServer } from '../scene/silent-server.ts'

const cleanups: (() => Promise<void>)[] = []
let emulator: MailgunEmulator

beforeEach(async () => {
  emulator = await createMailgunEmulator({ httpPort: false, securePort: false })
  cleanups.push(() => emulator.close())
})
afterEach(async () => {
  vi.useRealTimers()
  vi.restoreAllMocks()
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

@Controller('health')
class HealthController {
  constructor(
    @Inject(HealthCheckService) readonly health: HealthCheckService,
    @Inject(MailgunHealthIndicator) readonly mailgun: MailgunHealthIndicator,
  ) {}

  @Get()
  check(): Promise<HealthCheckResult> {
    return this.health.check([
      () => this.mailgun.pingCheck('mail'),
      () => this.mailgun.pingCheck('newsletter', { name: 'news' }),
    ])
  }
}

async function open(...imports: DynamicModule[]): Promise<NestExpressApplication> {
  const module = await Test.createTestingModule({
    imports: [TerminusModule.forRoot({ logger: false }), ...imports],
    controllers: [HealthController],
    providers: [MailgunHealthIndicator],
  }).compile()
  const app = module.createNestApplication<NestExpressApplication>({
    forceCloseConnections: true,
    logger: false,
  })
  await app.init()
  cleanups.push(() => app.close())
  return app
}

it("is a part of terminus' answer, for each mailer by its name", async () => {
  const app = await open(
    MailgunModule.forRoot(emulator.transport),
    MailgunModule.forRoot({ name: 'news', ...(await closedPort()) }),
  )
  await app.listen(0, '127.0.0.1')

  const response = await fetch(`${await app.getUrl()}/health`)

  expect(response.status).toBe(503)
  expect(await response.json()).toMatchObject({
    info: { mail: { status: 'up', responseTime: expect.any(Number) as unknown } },
    error: { newsletter: { status: 'down', code: 'ERR_MAILGUN_CONNECTION' } },
  })
})

it('asks once for a while, and anew after it', async () => {
  const app = await open(MailgunModule.forRoot(emulator.transport))
  const mailgun = app.get(MailgunHealthIndicator)
  const logins = (): number => emulator.sessions.length
  vi.useFakeTimers({ toFake: ['Date'] })

  const [first, beside] = await Promise.all([mailgun.pingCheck('mail'), mailgun.pingCheck('mail')])
  const again = await mailgun.pingCheck('mail', { cacheFor: 30_000 })
  const asked = logins()
  vi.setSystemTime(Date.now() + 30_000)
  const later = await mailgun.pingCheck('mail')
  await mailgun.pingCheck('mail', { cacheFor: 0 })

  expect([first, beside, later].map(({ mail }) => mail)).toEqual(
    Array.from({ length: 3 }, () => ({
      status: 'up',
      responseTime: expect.any(Number) as unknown,
    })),
  )
  expect(again.mail).toMatchObject({ status: 'up', cachedResponse: true })
  expect([asked, logins()]).toEqual([1, 3])
})

it('is down when the login takes too long, and leaves no connection', async () => {
  const server = await startSilentServer()
  cleanups.push(() => server.close())
  const app = await open(MailgunModule.forRoot(server.config))
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const checking = app.get(MailgunHealthIndicator).pingCheck('mail', { timeout: 2_000 })
  const socket = await server.connected()

  vi.advanceTimersByTime(2_000)

  expect((await checking).mail).toMatchObject({
    status: 'down',
    code: 'ERR_MAILGUN_TIMEOUT',
  })
  if (!socket.closed) await new Promise((resolve) => socket.on('close', resolve))
  expect(vi.getTimerCount()).toBe(0)
})

it('answers with the code alone, and tells the log the sentence', async () => {
  const warnings = vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined)
  const { user } = emulator.transport.auth
  const app = await open(
    MailgunModule.forRoot({ ...emulator.transport, auth: { user, pass: 'canary' } }),
  )

  const { mail } = await app.get(MailgunHealthIndicator).pingCheck('mail')

  expect(mail).toEqual({
    status: 'down',
    code: 'ERR_MAILGUN_AUTH',
    responseTime: expect.any(Number) as unknown,
  })
  expect(JSON.stringify(mail)).not.toContain(user)
  expect(warnings.mock.calls.flat()).toEqual([
    expect.stringMatching(/^Mailer 'default' cannot send: /),
  ])
})

it('shows no secret when a login is refused', async () => {
  const auth = { user: emulator.transport.auth.user, pass: 'canary' }
  const app = await open(MailgunModule.forRoot({ ...emulator.transport, auth }))

  const result = await app.get(MailgunHealthIndicator).pingCheck('mail')

  expect(result.mail).toMatchObject({ status: 'down', code: 'ERR_MAILGUN_AUTH' })
  expect(JSON.stringify(result)).not.toContain('canary')
})

it('refuses the name of a mailer that there is not', async () => {
  const app = await open(MailgunModule.forRoot(emulator.transport))

  await expect(
    app.get(MailgunHealthIndicator).pingCheck('mail', { name: 'nobody' }),
  ).rejects.toThrow(/There is no mailer 'nobody' to check/)
})
