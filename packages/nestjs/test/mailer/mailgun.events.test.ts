import { EventEmitter } from 'node:events'
import { inspect } from 'node:util'
import { createMailer, createMailgunTransport } from '@mailgun-smtp/core'
import { createMailgunEmulator, type MailgunEmulator } from '@mailgun-smtp/emulator'
import { Injectable } from '@nestjs/common'
import { EventEmitter2, EventEmitterModule, OnEvent } from '@nestjs/event-emitter'
import { Test } from '@nestjs/testing'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import {
  getMailgunToken,
  MailgunModule,
  MailgunService,
  type MailgunEvents,
  type MailgunModuleOptions,
} from '../../src/index.ts'
import { message } from '../scene/sent-mail.ts'

let emulator: MailgunEmulator
const cleanups: (() => Promise<unknown>)[] = []

beforeEach(async () => {
  emulator = await createMailgunEmulator({ httpPort: false, securePort: false })
  cleanups.push(() => emulator.close())
})
afterEach(async () => {
  vi.restoreAllMocks()
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function open(options: MailgunModuleOptions): Promise<MailgunService> {
  const module = await Test.createTestingModule({
    imports: [MailgunModule.forRoot(options)],
  }).compile()
  cleanups.push(() => module.close())
  return module.get(MailgunService)
}

@Injectable()
class Watcher {
  readonly seen: unknown[] = []

  @OnEvent('mailgun.send.start')
  start(event: MailgunEvents['mailgun.send.start']): void {
    this.seen.push(['start', event])
  }

  @OnEvent('mailgun.send.retry')
  retry(event: MailgunEvents['mailgun.send.retry']): void {
    this.seen.push(['retry', event])
  }

  @OnEvent('mailgun.send.end')
  end(event: MailgunEvents['mailgun.send.end']): void {
    this.seen.push(['end', event])
  }
}

it('emits before a send, when it is retried, and its outcome, for listeners of the application', async () => {
  const module = await Test.createTestingModule({
    imports: [
      EventEmitterModule.forRoot(),
      MailgunModule.forRootAsync({
        name: 'news',
        inject: [EventEmitter2],
        useFactory: (events: EventEmitter2) => ({
          ...emulator.transport,
          retry: { baseDelay: 1 },
          logger: false,
          events,
        }),
      }),
    ],
    providers: [Watcher],
  }).compile()
  await module.init()
  cleanups.push(() => module.close())
  const mail = module.get<MailgunService>(getMailgunToken('news'))
  emulator.faults.next({ at: 'rcpt', reply: [451, 'canary: later'] })

  const { messageId } = await mail.send({
    ...message,
    subject: 'Canary',
    mailgun: { tags: ['canary'] },
  })
  emulator.faults.next({ at: 'rcpt', reply: [550, 'canary: never'] })
  await mail.send({ ...message, to: 'canary@example.com' }).catch(() => undefined)

  const { seen } = module.get(Watcher)
  expect(seen).toEqual([
    ['start', expect.objectContaining({ mailer: 'news', messageId, recipients: 1, tags: 1 })],
    ['retry', expect.objectContaining({ mailer: 'news', messageId, attempt: 1, replyCode: 451 })],
    ['end', expect.objectContaining({ mailer: 'news', messageId, outcome: 'accepted' })],
    ['start', expect.objectContaining({ mailer: 'news' })],
    ['end', expect.objectContaining({ outcome: 'rejected', code: 'ERR_MAILGUN_RECIPIENT' })],
  ])
  expect(inspect(seen, { depth: 9 })).not.toMatch(/canary/i)
})

it('emits by any emitter, for a transporter too, and tells the logger all the same', async () => {
  const events = new EventEmitter()
  const names: string[] = []
  for (const name of ['start', 'end']) events.on(`mailgun.send.${name}`, () => names.push(name))
  const told: string[] = []
  const tell = (_event: object, words: string): void => void told.push(words)
  const mail = await open({
    mailer: createMailgunTransport(emulator.transport),
    logger: { debug: tell, info: tell, warn: tell, error: tell },
    events,
  })

  await mail.send(message)

  expect(names).toEqual(['start', 'end'])
  expect(told).toEqual(['mail being sent', 'mail accepted'])
})

it('sends although a listener throws', async () => {
  const warnings = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
  const events = new EventEmitter()
  events.on('mailgun.send.start', () => {
    throw new Error('broken')
  })
  const mail = await open({ ...emulator.transport, logger: false, events })

  await mail.send(message)

  expect(emulator.submissions).toHaveLength(1)
  expect(warnings).toHaveBeenCalledOnce()
})

it('refuses what cannot emit, and a ready mailer, which tells its own logger', async () => {
  const mailer = createMailer(emulator.transport)
  cleanups.push(() => mailer.close())

  await expect(open({ ...emulator.transport, events: {} as EventEmitter })).rejects.toThrow(
    "Mailer 'default': events must have emit()",
  )
  await expect(open({ mailer, events: new EventEmitter() } as never)).rejects.toThrow(
    /mailer and events exclude each other/,
  )
})
