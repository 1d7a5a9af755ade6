import { createServer, type AddressInfo } from 'node:net'
import { PassThrough, Readable } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { createMailer, DeliveryError, type MailgunConfig, type Mailer } from '../../src/index.ts'
import { ScriptedServer } from '../scripted-server/scripted-server.ts'
import type { Answer, Script, Stage } from '../scripted-server/scripted-session.ts'
import { letter } from '../wire/wire.ts'

/** What an independent faulty server found: a second copy, a false receipt, a false refusal, a recipient left out. */
const ways: readonly { readonly pool: boolean; readonly stage: Stage }[] = [
  { pool: false, stage: { tls: 'starttls' } },
  { pool: true, stage: { tls: 'starttls' } },
  { pool: true, stage: { tls: 'implicit' } },
  { pool: true, stage: { tls: 'starttls', pipelining: false } },
]

const retry = { baseDelay: 1 }

async function failureOf(sending: Promise<unknown>): Promise<DeliveryError> {
  const error: unknown = await sending.then(
    () => new Error('The send did not fail.'),
    (reason: unknown) => reason,
  )
  if (!(error instanceof DeliveryError)) throw error
  return error
}

/** The answer once, and Mailgun's usual one from then on. */
function once(answer: Answer): (line: string, time: number) => Answer | undefined {
  return (_line, time) => (time === 1 ? answer : undefined)
}

describe.each(ways)('pool: $pool, $stage', ({ pool, stage }) => {
  const open = (script: Script): Promise<ScriptedServer> =>
    ScriptedServer.open({ ...stage, script })
  const mailerFor = (server: ScriptedServer, more: Partial<MailgunConfig> = {}): Mailer =>
    createMailer({ ...server.config, pool, retry, ...more })

  test('T1: what was deferred and is lost after the dot is unknown, for that recipient too', async () => {
    await using server = await open({ rcpt: once('450 Later'), dot: { drop: 'end' } })
    await using mailer = mailerFor(server)

    const error = await failureOf(mailer.send(letter))

    expect(error).toMatchObject({ outcome: 'unknown', retryable: false })
    expect(error.recipients).toMatchObject([{ address: 'ada@example.net', outcome: 'unknown' }])
    expect(server.bodies).toHaveLength(1)
  })

  test.each([
    ['a greeting of 421', { greeting: once('421 Busy') }],
    ['a login that is refused for now', { auth: once('454 Later') }],
    ['a sender that is refused for now', { mail: once('451 Later') }],
    ['a recipient that is refused for now', { rcpt: once('450 Later') }],
    ['a connection that is lost at DATA', { data: once({ drop: 'reset' }) }],
  ] as const)('T2: after %s a message with a stream is tried again', async (_what, script) => {
    await using server = await open(script)
    await using mailer = mailerFor(server)
    const attachments = [{ filename: 'a.txt', content: Readable.from(['from a stream']) }]

    await expect(mailer.send({ ...letter, attachments })).resolves.toMatchObject({ attempts: 2 })

    expect(server.bodies).toHaveLength(1)
    expect(server.bodies[0]).toContain(Buffer.from('from a stream').toString('base64'))
  })

  test('T2: a stream of which something was read ends the send with the first error', async () => {
    await using server = await open({ dot: '451 Later' })
    await using mailer = mailerFor(server)
    const attachments = [{ filename: 'a.txt', content: Readable.from(['from a stream']) }]

    const error = await failureOf(mailer.send({ ...letter, attachments }))

    expect(error).toMatchObject({ outcome: 'deferred', attempts: 1, reply: { code: 451 } })
  })

  test.each(['rubbish', '199 OK', '354 OK'])(
    'T3: %j to one RCPT leaves no recipient out, and nothing was taken',
    async (answer) => {
      await using server = await open({
        rcpt: (line) => (line.includes('bob') ? answer : undefined),
      })
      await using mailer = mailerFor(server, { retry: false })
      const to = ['ada@example.net', 'bob@example.net', 'cy@example.net']

      const error = await failureOf(mailer.send({ ...letter, to }))

      expect(error.recipients.map(({ address, outcome }) => [address, outcome])).toEqual(
        to.map((address) => [address, 'deferred']),
      )
      expect(server.bodies).toEqual([])
    },
  )

  test.each([
    ['glued to the 354', { data: '354 Go\r\n250 OK' }],
    ['to MAIL', { mail: '250 OK\r\n250 OK' }],
    ['to RCPT', { rcpt: '250 OK\r\n250 OK' }],
    ['to AUTH', { auth: '235 OK\r\n235 OK' }],
  ] as const)('T4: a reply too many %s is no receipt', async (_where, script) => {
    await using server = await open({ ...script, dot: '550 No' })
    await using mailer = mailerFor(server, { retry: false })

    const error = await failureOf(mailer.send(letter))

    expect(error).toMatchObject({ outcome: 'deferred', retryable: true })
    expect(server.bodies).toEqual([])
  })

  test.each([
    ['RCPT', { rcpt: once('250 OK\r\n250 OK') }],
    ['DATA', { data: once('354 Go\r\n354 Go') }],
  ] as const)('T5: %s answered twice, tried again, is one copy', async (_what, script) => {
    await using server = await open(script)
    await using mailer = mailerFor(server)

    await expect(mailer.send(letter)).resolves.toMatchObject({ attempts: 2 })
    await mailer.close()
    await server.deserted()

    expect(server.bodies).toHaveLength(1)
    expect(server.unfinished.join('')).toBe('')
  })

  test.each(['250-OK\r\n550 No', '550-No\r\n250 OK', '450-Later\r\n250 OK'])(
    'T6: lines that disagree are no reply to the dot: %j',
    async (answer) => {
      await using server = await open({ dot: answer })
      await using mailer = mailerFor(server)

      expect(await failureOf(mailer.send(letter))).toMatchObject({
        outcome: 'unknown',
        attempts: 1,
      })
      expect(server.bodies).toHaveLength(1)
    },
  )

  test('T7: each mail after a refused login has its own Message-ID', async () => {
    await using server = await open({ auth: '535 No' })
    await using mailer = mailerFor(server)
    const ids = ['<1@example.com>', '<2@example.com>', '<3@example.com>']

    const errors = []
    for (const messageId of ids) errors.push(await failureOf(mailer.send({ ...letter, messageId })))

    expect(errors.map(({ messageId }) => messageId)).toEqual(ids)
    expect(server.commands('AUTH')).toHaveLength(1)
  })

  test.each([
    '550 ada is unknown',
    '550 no user ADA.',
    '550 /ada/ is no mailbox',
    '550 ada=40example.net',
    '550 ada%40example.net',
    '550-ada@exam\r\n550 ple.net',
    '550 the canary in the body',
  ])('T8: nothing of the reply %j that may be an address or the body is shown', async (answer) => {
    await using server = await open({ dot: answer })
    await using mailer = mailerFor(server)

    const error = await failureOf(mailer.send({ ...letter, text: 'the canary in the body' }))

    const shown = `${error.message}${JSON.stringify(error)}${error.stack ?? ''}`
    expect(shown).toContain('550')
    expect(shown).not.toMatch(/\bada\b|canary|ple\.net/i)
  })

  test('T9: of two recipients each has the last thing known', async () => {
    await using server = await open({
      rcpt: (line, time) => {
        if (line.includes('ada')) return '550 No'
        return time <= 2 ? '450 Later' : undefined
      },
      dot: '550 No',
    })
    await using mailer = mailerFor(server)
    const to = ['ada@example.net', 'bob@example.net']

    const error = await failureOf(mailer.send({ ...letter, to }))

    expect(error.recipients.map(({ outcome }) => outcome)).toEqual(['rejected', 'rejected'])
  })

  test('T11: the time to try again counts from the first try, however long the mail waited', async () => {
    await using server = await open({
      dot: (_line, time) => (time === 2 ? '451 Later' : undefined),
    })
    await using mailer = mailerFor(server, {
      maxConnections: 1,
      retry: { baseDelay: 1, within: 150 },
      rateLimit: { perSecond: 1 },
    })

    const receipts = await Promise.all([mailer.send(letter), mailer.send(letter)])

    // The second one waited for its turn for longer than the time to try again.
    expect(receipts.map(({ attempts }) => attempts)).toEqual([1, 2])
  })

  test('T14: a refusal while the body is on its way ends the connection; the next mail has a fresh one', async () => {
    await using server = await ScriptedServer.open({
      ...stage,
      replyInBody: { after: 200_000, reply: '552 Too much' },
    })
    await using mailer = mailerFor(server)
    const content = Buffer.alloc(4_000_000, 'x')

    const error = await failureOf(mailer.send({ ...letter, attachments: [{ content }] }))
    await expect(mailer.send(letter)).resolves.toMatchObject({ attempts: 1 })

    expect(error).toMatchObject({ outcome: 'rejected', reply: { code: 552 } })
    expect(server.commands('RSET')).toEqual([])
    expect(server.sessions).toBe(2)
    expect(server.bodies).toHaveLength(1)
  })

  test('T15: who was refused for good stays so, whatever comes after', async () => {
    await using server = await open({
      rcpt: (line) => (line.includes('bob') ? '550 No' : undefined),
      dot: { drop: 'end' },
    })
    await using mailer = mailerFor(server)
    const to = ['ada@example.net', 'bob@example.net']

    const error = await failureOf(mailer.send({ ...letter, to }))

    expect(error.recipients.map(({ outcome }) => outcome)).toEqual(['unknown', 'rejected'])
  })

  test('a stream that fails by itself is named, and its failure is told once', async () => {
    await using server = await open({})
    await using mailer = mailerFor(server)
    const content = new PassThrough()
    content.write('begun')

    const sending = failureOf(
      mailer.send({ ...letter, attachments: [{ content: 'a' }, { filename: 'b', content }] }),
    )
    await server.heard(/^DATA/)
    content.destroy(new Error('canary of the disk'))
    const error = await sending

    expect(error).toMatchObject({ outcome: 'rejected', code: 'ERR_MAILGUN_CONTENT' })
    expect(error.message).toContain('attachments[1]')
    expect(error.message).not.toContain('canary')
    expect(server.bodies).toEqual([])
  })
})

test('T12: kept connections that a server ends now and then, with streams: nothing is thrown aside', async () => {
  await using server = await ScriptedServer.open({
    script: { mail: (_line, time) => (time % 3 === 0 ? { drop: 'reset' } : undefined) },
  })
  await using mailer = createMailer({ ...server.config, pool: true, retry })

  const sends = Array.from({ length: 60 }, (_, n) =>
    mailer.send({ ...letter, text: Readable.from([`stream ${n}`]) }),
  )
  const results = await Promise.allSettled(sends)

  expect(results.filter(({ status }) => status === 'rejected')).toEqual([])
  expect(new Set(server.bodies.map((body) => /stream \d+/.exec(body)?.[0])).size).toBe(60)
  expect(server.bodies).toHaveLength(60)
})

test('T17: ten mails to a port that does not answer dial it once', async () => {
  let dials = 0
  const silent = createServer(() => (dials += 1))
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
  const { port } = silent.address() as AddressInfo
  await using mailer = createMailer({
    auth: { user: 'a', pass: 'b' },
    host: '127.0.0.1',
    port,
    secure: false,
    requireTLS: false,
    retry: false,
    deadlines: { greeting: 1000 },
  })

  for (let n = 0; n < 10; n += 1) {
    expect(await failureOf(mailer.send(letter))).toMatchObject({
      outcome: 'deferred',
      retryable: true,
      code: 'ERR_MAILGUN_CONNECTION',
    })
  }

  expect(dials).toBe(1)
  await mailer.close()
  await new Promise((resolve) => silent.close(resolve))
})
