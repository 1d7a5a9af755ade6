import { getEventListeners } from 'node:events'
import { DeliveryError, InvalidOptionError } from '@mailgun-smtp/core'
import { createMailgunEmulator, type MailgunEmulator } from '@mailgun-smtp/emulator'
import { Test, type TestingModule } from '@nestjs/testing'
import { firstValueFrom, lastValueFrom, map, retry } from 'rxjs'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  currentMailgunOptions,
  MailgunModule,
  MailgunService,
  withMailgunOptions,
  type MailgunModuleOptions,
} from '../../src/index.ts'
import { message } from '../scene/sent-mail.ts'
import { startSilentServer } from '../scene/silent-server.ts'

let emulator: MailgunEmulator
let module: TestingModule
let mail: MailgunService

async function open(options: MailgunModuleOptions): Promise<TestingModule> {
  const opened = await Test.createTestingModule({
    imports: [MailgunModule.forRoot(options)],
  }).compile()
  await opened.init()
  return opened
}

beforeAll(async () => {
  emulator = await createMailgunEmulator({ httpPort: false, securePort: false })
  module = await open({ ...emulator.transport, defaults: { mailgun: { track: true } } })
  mail = module.get(MailgunService)
})
beforeEach(() => emulator.reset())
afterAll(async () => {
  await module.close()
  await emulator.close()
})

describe('send$', () => {
  it('sends nothing until it is subscribed to, and once for each subscription', async () => {
    const sent = mail.send$(message)
    const before = emulator.submissions.length

    const receipts = [await firstValueFrom(sent), await lastValueFrom(sent)]

    expect(before).toBe(0)
    expect(emulator.submissions.map(({ messageId }) => messageId)).toEqual(
      receipts.map(({ messageId }) => messageId),
    )
  })

  it('takes the options of the scope where it is called, with what they clear', async () => {
    const inside = withMailgunOptions({ tags: ['called'], track: null }, () => mail.send$(message))
    const outside = mail.send$(message)

    await lastValueFrom(inside)
    await withMailgunOptions({ tags: ['subscribed'] }, () => lastValueFrom(outside))

    expect(emulator.submissions.map(({ options }) => options)).toEqual([
      { tags: ['called'] },
      { track: true },
    ])
  })

  it('ends the send when it is unsubscribed from', async () => {
    const server = await startSilentServer()
    const waiting = await open(server.config)
    const connected = server.connected()
    const subscription = waiting.get(MailgunService).send$(message).subscribe()
    const socket = await connected

    subscription.unsubscribe()

    // Not `once`: the end may come as a reset.
    await new Promise((resolve) => socket.on('close', resolve))
    expect(server.sockets.every(({ destroyed }) => destroyed)).toBe(true)
    await waiting.close()
    await server.close()
  })

  it('sends again when it is subscribed to again after a failure', async () => {
    const server = await startSilentServer()
    const failing = await open({ ...server.config, retry: false })
    const failed = failing.get(MailgunService).send$(message)
    const connections: unknown[] = []
    const dropped = (async () => {
      for (let count = 0; count < 2; count += 1) {
        const socket = await server.connected()
        connections.push(socket)
        socket.destroy()
      }
    })()

    const error: unknown = await firstValueFrom(failed.pipe(retry(1))).catch(
      (reason: unknown) => reason,
    )

    expect(error).toMatchObject({ outcome: 'deferred', fault: 'connection' })
    await dropped
    expect(connections).toHaveLength(2)
    await failing.close()
    await server.close()
  })

  it('leaves nothing in the signal of the caller', async () => {
    const { signal } = new AbortController()

    for (let count = 0; count < 3; count += 1) {
      await lastValueFrom(mail.send$(message, { signal }))
    }

    expect(getEventListeners(signal, 'abort')).toEqual([])
  })

  it('tells the subscriber in its own scope', async () => {
    const scopes = await withMailgunOptions({ tags: ['subscriber'] }, () =>
      lastValueFrom(
        withMailgunOptions({ tags: ['caller'] }, () => mail.send$(message)).pipe(
          map(() => currentMailgunOptions()),
        ),
      ),
    )

    expect(scopes).toEqual({ tags: ['subscriber'] })
  })

  it('ends the send when the caller aborts, and passes the error on', async () => {
    const server = await startSilentServer()
    const waiting = await open(server.config)
    const abort = new AbortController()
    const connected = server.connected()
    const sent = firstValueFrom(
      waiting.get(MailgunService).send$(message, { signal: abort.signal }),
    )
    await connected

    abort.abort()

    await expect(sent).rejects.toThrow(DeliveryError)
    await waiting.close()
    await server.close()
  })
})

describe('with', () => {
  it('puts its options over those of the scope and under those of the message', async () => {
    const derived = mail.with({ tags: ['with'], track: false, dkim: false })

    await withMailgunOptions({ tags: ['scope'], track: true }, () =>
      derived.send({ ...message, mailgun: { tags: ['message'], dkim: true } }),
    )

    expect(emulator.submissions[0]?.options).toEqual({
      tags: ['scope', 'with', 'message'],
      track: false,
      dkim: true,
    })
  })
})

describe('compose', () => {
  it('gives plain data with the scope baked in, which send takes as it is', async () => {
    const composed = withMailgunOptions({ tags: ['composed'] }, () =>
      mail.with({ dkim: false }).compose({ ...message, mailgun: { track: null } }),
    )
    const job = JSON.parse(JSON.stringify(composed)) as typeof composed

    await withMailgunOptions({ tags: ['worker'] }, () => mail.send(job))

    expect(emulator.submissions.map(({ options }) => options)).toEqual([
      { tags: ['composed'], dkim: false },
    ])
  })
})

describe('withDefaults', () => {
  it('puts its options under those of the scope', async () => {
    const derived = mail.withDefaults({ track: false, dkim: false })

    await withMailgunOptions({ dkim: true }, () => derived.send(message))

    expect(emulator.submissions[0]?.options).toEqual({ track: false, dkim: true })
  })
})

it('sends one mail under one key, and lets no unknown key be settled', async () => {
  const first = await mail.send(message, { idempotencyKey: 'order 1' })
  const second = await mail.send(message, { idempotencyKey: 'order 1' })

  expect(second.messageId).toBe(first.messageId)
  expect(emulator.submissions).toHaveLength(1)
  await expect(mail.settle('order 2', 'accepted')).rejects.toThrow(InvalidOptionError)
})

describe('verify', () => {
  it('logs in and sends nothing', async () => {
    expect(await mail.verify()).toBe(true)
    expect(await mail.verify({ timeout: 5_000 })).toBe(true)
    expect(await mail.verify({ within: 5_000 })).toBe(true)
    expect(emulator.submissions).toEqual([])
  })

  it('says what is wrong with a login', async () => {
    const wrong = await open({
      ...emulator.transport,
      auth: { ...emulator.transport.auth, pass: 'x' },
    })

    await expect(wrong.get(MailgunService).verify({ timeout: 5_000 })).rejects.toMatchObject({
      code: 'ERR_MAILGUN_AUTH',
    })
    await wrong.close()
  })

  it.each([0, 1.5, 2 ** 31, '5s'])('refuses %s as a time', async (timeout) => {
    await expect(mail.verify({ timeout: timeout as number })).rejects.toThrow(InvalidOptionError)
    await expect(mail.verify({ within: timeout as number })).rejects.toThrow(InvalidOptionError)
  })

  it('ends when its signal aborts', async () => {
    await expect(mail.verify({ signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'ERR_MAILGUN_ABORTED',
    })
  })
})
