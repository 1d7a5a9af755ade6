import { trace } from '@opentelemetry/api'
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createMailer, DeliveryError } from '../../src/index.ts'
import { auth, ScriptedServer } from '../scripted-server/scripted-server.ts'
import type { Moment } from '../scripted-server/scripted-session.ts'
import { leaksIn } from '../fakes/sends.ts'

const names = ['mailgun-smtp:send:start', 'mailgun-smtp:send:retry', 'mailgun-smtp:send:end']

let told: unknown[] = []
const listen = (event: unknown, name: string | symbol): void => void told.push({ name, event })

const exporter = new InMemorySpanExporter()

beforeEach(() => {
  told = []
  for (const name of names) subscribe(name, listen)
  trace.setGlobalTracerProvider(
    new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }),
  )
})

afterEach(() => {
  for (const name of names) unsubscribe(name, listen)
  trace.disable()
  exporter.reset()
})

const message = {
  from: 'Canary Name <canary-from@example.com>',
  to: ['canary-to@example.net', 'canary-too@example.net'],
  subject: 'canary-subject',
  text: 'canary-body',
  messageId: '<one@example.com>',
  mailgun: { tags: ['canary-tag'], variables: { secret: 'canary-variable' } },
}

const base64 = (text: string): string => Buffer.from(text).toString('base64')

/** What a careless server might repeat. */
const everything = [...message.to, auth.user, auth.pass, base64(auth.pass)].join(' ')

/** All that anybody was told, the spans included. */
function heard(lines: readonly string[]): unknown[] {
  const spans = exporter
    .getFinishedSpans()
    .map(({ name, attributes, events, status }) => ({ name, attributes, events, status }))
  return [...told, ...lines, ...spans]
}

describe('a mailer', () => {
  test('tells of a send that was tried twice in all three places', async () => {
    await using server = await ScriptedServer.open({
      script: { dot: (_line, time) => (time === 1 ? `451 ${everything}` : undefined) },
    })
    const lines: string[] = []
    await using mailer = createMailer({
      ...server.config,
      retry: { baseDelay: 1 },
      logger: pino({ level: 'debug' }, { write: (line: string) => void lines.push(line) }),
    })

    await mailer.send(message)

    const facts = { messageId: '<one@example.com>', host: '127.0.0.1', recipients: 2, tags: 1 }
    expect(told).toMatchObject([
      { name: names[0], event: facts },
      { name: names[1], event: { ...facts, attempt: 1, replyCode: 451 } },
      {
        name: names[2],
        event: { ...facts, outcome: 'accepted', attempts: 2, accepted: 2 },
      },
    ])
    expect(lines.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual([
      'mail being sent',
      'mail not accepted; it will be retried',
      'mail accepted',
    ])
    expect(exporter.getFinishedSpans()).toMatchObject([
      { name: 'send 127.0.0.1', events: [{ name: 'retry' }] },
    ])
    expect(leaksIn(heard(lines))).toEqual([])
  })

  const moments: readonly Moment[] = ['greeting', 'auth', 'mail', 'rcpt', 'data', 'dot']

  test.each(moments)(
    'hides the words of a server that repeats all it was sent at %s',
    async (moment) => {
      await using server = await ScriptedServer.open({ script: { [moment]: `554 ${everything}` } })
      const lines: string[] = []
      await using mailer = createMailer({
        ...server.config,
        retry: false,
        logger: pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) }),
      })

      await expect(mailer.send(message)).rejects.toBeInstanceOf(DeliveryError)

      expect(told).toHaveLength(2)
      expect(lines).toHaveLength(2)
      expect(leaksIn(heard(lines))).toEqual([])
      expect(JSON.stringify(heard(lines))).not.toContain(base64(auth.pass))
    },
  )
})
