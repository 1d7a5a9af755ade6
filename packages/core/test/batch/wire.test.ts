import { describe, expect, test } from 'vitest'
import type { BatchMailer } from '../../src/batch/send-batch.ts'
import { sendBatch } from '../../src/batch/send-batch.ts'
import type { BatchReport } from '../../src/batch/report.ts'
import { memoryStore } from '../../src/idempotency/stores/memory-store.ts'
import { createMailer, parseHeaders, type MailgunMessage } from '../../src/index.ts'
import { ScriptedServer } from '../scripted-server/scripted-server.ts'
import { wireIn, type Wire } from '../wire/wire.ts'
import { addressOf, Crowd, day, template } from '../fakes/fake-mailer.ts'

/** A mailer to the server, with its store. */
function openMailer(server: ScriptedServer): BatchMailer & AsyncDisposable {
  const store = memoryStore()
  const mailer = createMailer({ ...server.config, retry: false }, { store })
  return {
    store,
    lifetime: day,
    send: (message, settings) => mailer.send(message, settings),
    [Symbol.asyncDispose]: () => mailer.close(),
  }
}

function envelopes({ lines }: ScriptedServer): string[][] {
  const all: string[][] = []
  for (const line of lines) {
    if (line.startsWith('MAIL')) all.push([])
    const address = /^RCPT TO:<(.*)>/.exec(line)?.[1]
    if (address !== undefined) all.at(-1)?.push(address)
  }
  return all
}

const fieldOf = ({ fields }: Pick<Wire, 'fields'>, name: string): string | undefined =>
  fields.find(([each]) => each === name)?.[1]

describe('what leaves', () => {
  test('every message has variables for exactly those it is sent to, and each copy its own To', async () => {
    await using server = await ScriptedServer.open()
    await using mailer = openMailer(server)
    const recipients = [
      { to: 'Ada@EXAMPLE.com', variables: { first: 'Ada =?utf-8?Q?x?=' } },
      { to: 'bob@bücher.example', variables: { first: 'Böb' } },
      ...new Crowd(5),
    ]

    await sendBatch(mailer, template, recipients, { maxRecipients: 3 })

    const wires = server.bodies.map(wireIn)
    const variables = wires.map(({ fields }) => parseHeaders(fields).recipientVariables ?? {})
    expect(wires.map((wire) => fieldOf(wire, 'To'))).toEqual(wires.map(() => '<%recipient_email%>'))
    expect(variables.map((each) => Object.keys(each))).toEqual(envelopes(server))
    expect(envelopes(server)).toEqual([
      ['Ada@example.com', 'bob@xn--bcher-kva.example', addressOf(0)],
      [addressOf(1), addressOf(2), addressOf(3)],
      [addressOf(4)],
    ])
    expect(variables[0]).toMatchObject({
      'Ada@example.com': { first: 'Ada =?utf-8?Q?x?=', code: '' },
      'bob@xn--bcher-kva.example': { first: 'Böb', code: '' },
    })
  })

  test('every message has a Message-ID of its own, which its reports tell', async () => {
    await using server = await ScriptedServer.open()
    await using mailer = openMailer(server)
    const reports: BatchReport[] = []

    await sendBatch(mailer, template, new Crowd(4), {
      maxRecipients: 2,
      onReport: (report) => void reports.push(report),
    })

    const ids = server.bodies.map((body) => fieldOf(wireIn(body), 'Message-ID'))
    expect(new Set(ids).size).toBe(2)
    expect(reports.map(({ messageId }) => messageId)).toEqual([ids[0], ids[0], ids[1], ids[1]])
  })
})

describe('what the server says', () => {
  test('of one recipient is reported of that one', async () => {
    await using server = await ScriptedServer.open({
      script: { rcpt: (line) => (/r[13]@/.test(line) ? '550 No such user' : undefined) },
    })
    await using mailer = openMailer(server)
    const reports: BatchReport[] = []

    const summary = await sendBatch(mailer, template, new Crowd(5), {
      onReport: (report) => void reports.push(report),
    })

    expect(summary).toMatchObject({ accepted: 3, rejected: 2 })
    expect(reports.map(({ reply }) => reply?.code)).toEqual([250, 550, 250, 550, 250])
  })

  test('of the account stops the batch; continued with its key, it sends no second copy', async () => {
    await using server = await ScriptedServer.open({
      script: {
        data: (_line, time) =>
          time === 3
            ? '421 Domain mg.example.com is not allowed to send: recipient limit exceeded, try again after Sat, 01 Jan 2050 00:00:00 UTC'
            : undefined,
      },
    })
    await using mailer = openMailer(server)
    const settings = { key: 'news', maxRecipients: 2 }

    await expect(sendBatch(mailer, template, new Crowd(10), settings)).rejects.toMatchObject({
      code: 'ERR_MAILGUN_BATCH_STOPPED',
      cause: { code: 'ERR_MAILGUN_QUOTA' },
      summary: { accepted: 4, deferred: 2 },
    })
    await expect(sendBatch(mailer, template, new Crowd(10), settings)).resolves.toMatchObject({
      accepted: 10,
    })

    const taken = server.bodies.flatMap((body) =>
      Object.keys(parseHeaders(wireIn(body).fields).recipientVariables ?? {}),
    )
    expect(taken).toEqual(Array.from({ length: 10 }, (_, index) => addressOf(index)))
  })

  test('a lost acknowledgement is unknown, and stays so: there is no second copy', async () => {
    await using server = await ScriptedServer.open({
      script: { dot: (_line, time) => (time === 2 ? { drop: 'reset' } : undefined) },
    })
    await using mailer = openMailer(server)
    const settings = { key: 'news', maxRecipients: 2 }

    const first = await sendBatch(mailer, template, new Crowd(6), settings)
    const second = await sendBatch(mailer, template, new Crowd(6), settings)

    expect(first).toMatchObject({ accepted: 4, unknown: 2 })
    expect(second).toEqual(first)
    expect(server.bodies).toHaveLength(3)
  })
})

test('a message that cannot be sent is refused as it would be alone, before anything is sent', async () => {
  await using server = await ScriptedServer.open()
  await using mailer = openMailer(server)
  const message: MailgunMessage = { ...template, mailgun: { tags: ['é'] } }

  await expect(sendBatch(mailer, message, new Crowd(3))).rejects.toMatchObject({
    name: 'InvalidOptionError',
    path: 'tags[0]',
  })
  expect(server.sessions).toBe(0)
})
