import { trace } from '@opentelemetry/api'
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base'
import { createTransport } from 'nodemailer'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { inspect } from 'node:util'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import {
  attachMailgun,
  createMailer,
  InvalidOptionError,
  type Logger,
  type MailgunMessage,
  type Receipt,
} from '../../src/index.ts'
import { shownBy } from '../scripted-server/failed-send.ts'
import { auth, ScriptedServer } from '../scripted-server/scripted-server.ts'
import type { Script } from '../scripted-server/scripted-session.ts'

const message: MailgunMessage = {
  from: 'Canary Sender <canary-from@example.com>',
  to: ['Canary Name <canary-to@example.net>', 'canary-not@example.net'],
  bcc: 'canary-bcc@example.net',
  messageId: '<order-7@example.com>',
  subject: 'canary-subject',
  text: 'canary-text',
  html: '<p>canary-html</p>',
  headers: { 'X-Canary': 'canary-header' },
  attachments: [{ filename: 'canary.txt', content: 'canary-attachment' }],
  mailgun: { tags: ['canary-tag'], variables: { 'canary-key': 'canary-value' } },
}

const base64 = (text: string): string => Buffer.from(text).toString('base64')
const encoded = [auth.user, auth.pass, `\0${auth.user}\0${auth.pass}`].map(base64)

/** What a careless server repeats of what it was told. */
const addresses = 'canary-to@example.net <canary-not@example.net> CANARY-FROM@EXAMPLE.COM'
const echo = [addresses, auth.user, auth.pass, ...encoded].join(' ')

const scripts: Readonly<Record<string, Script>> = {
  'taken, with its addresses repeated': { dot: `250 ${addresses}` },
  'taken for some': { rcpt: (line) => (line.includes('not') ? `550 ${echo}` : undefined) },
  'taken at the second try': { dot: (_line, time) => (time === 1 ? `451 ${echo}` : undefined) },
  'rejected at RCPT': { rcpt: `550 ${echo}` },
  'rejected after the body': { dot: `554-${echo}\r\n554 ${echo}` },
  'refused at AUTH': { auth: (line) => `535 ${line} ${echo}` },
  'lost after the dot': { dot: { drop: 'end', after: `250-${echo}` } },
  'answered with no reply at all': { mail: `${echo}` },
}

const names = ['start', 'retry', 'end'].map((name) => `mailgun-smtp:send:${name}`)
const exporter = new InMemorySpanExporter()
let told: unknown[] = []
const listen = (event: unknown): void => void told.push(event)
const logger: Logger = { debug: hear, info: hear, warn: hear, error: hear }

function hear(...line: unknown[]): void {
  told.push(line)
}

beforeAll(() => {
  const spanProcessors = [new SimpleSpanProcessor(exporter)]
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors }))
  for (const name of names) subscribe(name, listen)
})

afterAll(() => {
  trace.disable()
  for (const name of names) unsubscribe(name, listen)
})

beforeEach(() => {
  told = []
  exporter.reset()
  for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const) {
    vi.spyOn(console, method).mockImplementation(hear)
  }
  vi.spyOn(process, 'emitWarning').mockImplementation(hear)
})

afterEach(() => {
  vi.restoreAllMocks()
})

/** A mailer of a config, and one of a transporter that the caller made with nodemailer alone. */
const makers = {
  'a config': (server: ScriptedServer) =>
    createMailer(server.config, { logger, retry: { times: 1, baseDelay: 1 } }),
  'a pool': (server: ScriptedServer) =>
    createMailer({ ...server.config, pool: true }, { logger, retry: { times: 1, baseDelay: 1 } }),
  "the caller's own transporter": (server: ScriptedServer) =>
    createMailer(ownTransporter(server), { logger, retry: { times: 1, baseDelay: 1 } }),
}

const ownTransporter = ({ port }: ScriptedServer) =>
  createTransport({ host: '127.0.0.1', port, ignoreTLS: true, auth })

describe.each(Object.entries(makers))('a mailer of %s', (_name, make) => {
  test.each(Object.entries(scripts))('shows nothing of a mail %s', async (_what, script) => {
    await using server = await ScriptedServer.open({ script })
    await using mailer = make(server)

    const result = await mailer.send(message).catch((error: unknown) => error as Error)

    const spans = exporter
      .getFinishedSpans()
      .map(({ name, attributes, events, status }) => ({ name, attributes, events, status }))
    expect(told.length).toBeGreaterThanOrEqual(4)
    expect(spans).toHaveLength(1)
    expect(leaksIn(result, mailer, told, spans)).toEqual([])
  })

  test('shows nothing of a mail that is refused before it is sent', async () => {
    await using server = await ScriptedServer.open()
    await using mailer = make(server)

    for (const fields of [
      { to: 'canary-to@example.net, canary-too@example.net' },
      { mailgun: { tags: ['canary\r\n'] } },
      { mailgun: { recipientVariables: { 'canary-to@example.net': { key: Number.NaN } } } },
      { headers: { 'X-Mailgun-Tag': 'canary' } },
      { attachments: [{ path: '/canary' }] },
    ]) {
      const refusal: unknown = await mailer
        .send({ ...message, ...fields })
        .catch((error: unknown) => error)

      expect(refusal).toBeInstanceOf(InvalidOptionError)
      expect(leaksIn(refusal as InvalidOptionError, mailer, told)).toEqual([])
    }
  })
})

test.each(Object.entries(scripts))(
  'attachMailgun shows nothing of a mail %s, where it fails',
  async (_what, script) => {
    await using server = await ScriptedServer.open({ script })
    const transporter = attachMailgun(ownTransporter(server))

    const result: unknown = await transporter.sendMail(message).catch((error: unknown) => error)

    // What nodemailer hands back of a mail that was taken is nodemailer's own.
    const error = result instanceof Error ? result : new Error('It was taken.')
    expect(leaksIn(error, undefined, told)).toEqual([])
  },
)

/** What of the canaries shows in anything that the caller, a log or a tracer may see. */
function leaksIn(
  result: Receipt | Error,
  mailer: object | undefined,
  ...seen: readonly unknown[]
): string[] {
  const shown = [
    result instanceof Error ? shownBy(result) : inspect(result, { depth: 10 }),
    ...[result, mailer].map(String),
    JSON.stringify(mailer),
    inspect(mailer, { depth: 10, showHidden: true }),
    ...seen.flatMap((one) => [JSON.stringify(one), inspect(one, { depth: 20, showHidden: true })]),
  ].join('\n')
  return [
    ...(shown.match(/canary.*/gi) ?? []),
    ...encoded.filter((secret) => shown.includes(secret)),
  ]
}
