import { DeliveryError } from '@mailgun-smtp/core'
import { createMailgunEmulator, type MailgunEmulator } from '@mailgun-smtp/emulator'
import { Test, type TestingModule } from '@nestjs/testing'
import { firstValueFrom, lastValueFrom } from 'rxjs'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  MailgunModule,
  MailgunService,
  runWithMailgunOptions,
  type MailgunModuleOptions,
} from '../src/index.ts'
import { message } from './sent-mail.ts'
import { startSilentServer } from './silent-server.ts'

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
    const inside = runWithMailgunOptions({ tags: ['called'], track: null }, () =>
      mail.send$(message),
    )
    const outside = mail.send$(message)

    await lastValueFrom(inside)
    await runWithMailgunOptions({ tags: ['subscribed'] }, () => lastValueFrom(outside))

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

    await runWithMailgunOptions({ tags: ['scope'], track: true }, () =>
      derived.send({ ...message, mailgun: { tags: ['message'], dkim: true } }),
    )

    expect(emulator.submissions[0]?.options).toEqual({
      tags: ['scope', 'with', 'message'],
      track: false,
      dkim: true,
    })
  })
})

it('verifies the login', async () => {
  expect(await mail.verify()).toBe(true)
})
