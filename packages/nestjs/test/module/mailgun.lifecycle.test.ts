import { once } from 'node:events'
import { ConfigError, createMailer, DeliveryError, type MailgunConfig } from '@mailgun-smtp/core'
import { createMailgunEmulator } from '@mailgun-smtp/emulator'
import {
  type BeforeApplicationShutdown,
  ConsoleLogger,
  Controller,
  Get,
  Inject,
  Injectable,
  type OnApplicationShutdown,
} from '@nestjs/common'
import { Test, type TestingModule } from '@nestjs/testing'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { MailgunModule, MailgunService, type MailgunModuleOptions } from '../../src/index.ts'
import { message, startApp } from '../scene/sent-mail.ts'
import { auth, closedPort, startSilentServer } from '../scene/silent-server.ts'

const cleanups: (() => Promise<void>)[] = []

afterEach(async () => {
  vi.useRealTimers()
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

class Warnings extends ConsoleLogger {
  readonly list: string[] = []

  override log(): void {}

  override warn(warning: unknown): void {
    this.list.push(String(warning))
  }
}

async function start(options: MailgunModuleOptions): Promise<Warnings> {
  const logger = new Warnings()
  const module: TestingModule = await Test.createTestingModule({
    imports: [MailgunModule.forRoot(options)],
  })
    .setLogger(logger)
    .compile()
  await module.init()
  cleanups.push(() => module.close())
  return logger
}

describe('verify', () => {
  it("opens no connection with 'off', the default", async () => {
    const server = await startSilentServer()
    cleanups.push(() => server.close())

    await start(server.config)
    await start({ ...server.config, verify: 'off' })

    expect(server.sockets).toEqual([])
  })

  it("fails the start with 'throw' when the port is closed", async () => {
    const error: unknown = await start({ ...(await closedPort()), verify: 'throw' }).catch(
      (reason: unknown) => reason,
    )

    expect(error).toBeInstanceOf(DeliveryError)
    expect(error).toMatchObject({ outcome: 'deferred', fault: 'connection' })
  })

  it("warns with 'warn', names the mailer and shows no secret", async () => {
    const { list } = await start({ ...(await closedPort()), verify: 'warn' })

    expect(list).toEqual([expect.stringMatching(/^Mailer 'default' cannot send: .+/)])
    expect(list.join()).not.toContain(auth.pass)
  })

  it('says nothing when the login is right, and refuses a wrong one', async () => {
    const emulator = await createMailgunEmulator({ httpPort: false, securePort: false })
    cleanups.push(() => emulator.close())
    const wrong: MailgunConfig = { ...emulator.transport, auth }

    const { list } = await start({ ...emulator.transport, verify: 'warn' })
    const error: unknown = await start({ ...wrong, verify: 'throw' }).catch(
      (reason: unknown) => reason,
    )

    expect(list).toEqual([])
    expect(error).toMatchObject({ code: 'ERR_MAILGUN_AUTH', fault: 'account' })
  })

  it('has a deadline of its own, and leaves no connection when it is over', async () => {
    const server = await startSilentServer()
    cleanups.push(() => server.close())
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const starting = start({ ...server.config, verify: 'warn', verifyTimeout: 3_000 })
    const socket = await server.connected()
    await once(socket, 'data')

    vi.advanceTimersByTime(3_000)

    expect((await starting).list).toEqual([expect.stringMatching(/did not end in time/)])
    if (!socket.closed) await new Promise((resolve) => socket.on('close', resolve))
    // What is left would hold up the application's end, as these timers stand still.
    await cleanups.pop()?.()
    expect(vi.getTimerCount()).toBe(0)
  })

  it('gives up after ten seconds on a server that is silent', async () => {
    const server = await startSilentServer()
    cleanups.push(() => server.close())
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const starting = start({ ...server.config, verify: 'throw' }).catch((reason: unknown) => reason)
    await once(await server.connected(), 'data')

    vi.advanceTimersByTime(10_000)

    expect(await starting).toMatchObject({
      code: 'ERR_MAILGUN_TIMEOUT',
    })
  })
})

describe('shutdown', () => {
  it('waits for the mail in flight, closes a pool, and takes no more', async () => {
    const emulator = await createMailgunEmulator({ httpPort: false, securePort: false })
    cleanups.push(() => emulator.close())
    const module = await Test.createTestingModule({
      imports: [MailgunModule.forRoot({ ...emulator.transport, pool: true })],
    }).compile()
    await module.init()
    const mail = module.get(MailgunService)
    await mail.send(message)
    const sends = [1, 2, 3, 4, 5].map(() => mail.send(message))

    await module.close()

    expect(emulator.submissions).toHaveLength(6)
    expect(await Promise.all(sends)).toHaveLength(5)
    await expect(mail.send(message)).rejects.toMatchObject({ code: 'ERR_MAILGUN_CLOSED' })
  })

  it.each([
    ['before', true],
    ['before', false],
    ['after', true],
    ['after', false],
  ])(
    'closes after the module of a queue, imported %s it, which still sends (global: %s)',
    async (place, isGlobal) => {
      const emulator = await createMailgunEmulator({ httpPort: false, securePort: false })
      cleanups.push(() => emulator.close())
      @Injectable()
      class Worker implements OnApplicationShutdown {
        constructor(@Inject(MailgunService) readonly mail: MailgunService) {}

        async onApplicationShutdown(): Promise<void> {
          await this.mail.send(message)
        }
      }
      const queue = { module: class Queue {}, global: isGlobal, providers: [Worker] }
      const mail = MailgunModule.forRoot({ ...emulator.transport, logger: false })
      const module = await Test.createTestingModule({
        imports: place === 'before' ? [mail, queue] : [queue, mail],
      }).compile()
      await module.init()

      await module.close()

      expect(emulator.submissions).toHaveLength(1)
    },
  )

  it('closes a mailer that it was given', async () => {
    const mailer = createMailer({ auth })
    const module = await Test.createTestingModule({
      imports: [MailgunModule.forRoot({ mailer })],
    }).compile()
    await module.init()

    await module.close()

    await expect(mailer.send(message)).rejects.toThrow(ConfigError)
  })

  it('still sends for a request that is being answered', async () => {
    const requested = withResolvers()
    const closing = withResolvers()
    @Controller()
    class Orders implements BeforeApplicationShutdown {
      constructor(@Inject(MailgunService) readonly mail: MailgunService) {}

      @Get()
      async order(): Promise<string> {
        requested.resolve()
        await closing.promise
        return (await this.mail.send(message)).messageId
      }

      // Nest has destroyed its modules by now, and still waits for requests.
      beforeApplicationShutdown(): void {
        closing.resolve()
      }
    }
    const { url, close } = await startApp({ controllers: [Orders] }, {})
    const response = fetch(url, { headers: { connection: 'close' } })
    await requested.promise

    await close()

    expect((await response).status).toBe(200)
  })
})

function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => {}
  const promise = new Promise<void>((done) => {
    resolve = done
  })
  return { promise, resolve }
}
