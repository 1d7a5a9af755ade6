import { Readable } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { Halt } from '../../src/session/halt.ts'
import { ScriptedServer } from '../scripted-server/scripted-server.ts'
import type { Stage } from '../scripted-server/scripted-session.ts'
import { deadlines, held, poolTo, streamed } from './session-of.ts'

const ways: readonly Stage[] = [
  { pipelining: true },
  { pipelining: false },
  { pipelining: true, tls: 'starttls' },
  { pipelining: true, tls: 'implicit' },
]

describe.each(ways)('$tls, PIPELINING: $pipelining', (way) => {
  test('a message arrives as it is, and the record has the reply to each recipient and to the dot', async () => {
    await using server = await ScriptedServer.open(way)
    using pool = poolTo(server)

    const record = await pool.hand(held('.\r\n..\r\nHi', ['ada@example.net', 'bob@example.net']))

    expect(record).toEqual({
      stage: 'final',
      messageId: '<1@example.com>',
      from: 'shop@example.com',
      recipients: ['ada@example.net', 'bob@example.net'].map((address) => ({
        address,
        reply: { code: 250, lines: ['Recipient address accepted'] },
      })),
      reply: { code: 250, lines: ['Great success'] },
      isSourceRead: true,
      isDotWritten: true,
      port: server.port,
    })
    expect(server.bodies).toEqual(['Subject: Hi\r\n\r\n..\r\n...\r\nHi\r\n'])
  })

  test('a long source arrives whole, and its dot follows it', async () => {
    await using server = await ScriptedServer.open(way)
    using pool = poolTo(server)
    const lines = Array.from({ length: 4000 }, (_, at) => `.line ${at} ${'x'.repeat(60)}\r\n`)

    const record = await pool.hand(
      streamed(() => Readable.from(lines.map((line) => Buffer.from(line)))),
    )

    expect(record).toMatchObject({ stage: 'final', reply: { code: 250 } })
    expect(server.bodies).toEqual([lines.map((line) => `.${line}`).join('')])
  })

  test.each([
    ['greeting', '554 No', { stage: 'greeting', reply: { code: 554 } }],
    ['ehlo', '500 No', { stage: 'ehlo', reply: { code: 500 } }],
    ['auth', '535 No', { stage: 'auth', reply: { code: 535 } }],
    ['mail', '451 No', { stage: 'mail', reply: { code: 451 } }],
    ['rcpt', '550 5.1.1 No', { stage: 'rcpt', reply: { code: 550, enhanced: '5.1.1' } }],
    ['data', '421 No', { stage: 'data', reply: { code: 421 } }],
    ['dot', '552 No', { stage: 'final', reply: { code: 552 }, isDotWritten: true }],
  ] as const)('a refusal at %s ends it with that reply', async (moment, said, facts) => {
    await using server = await ScriptedServer.open({ ...way, script: { [moment]: said } })
    using pool = poolTo(server)

    const record = await pool.hand(held())

    const isWritten = moment === 'dot'
    expect(record).toMatchObject({ ...facts, isSourceRead: isWritten, isDotWritten: isWritten })
    expect(record.failure).toBeUndefined()
  })

  test.each(['greeting', 'ehlo', 'auth', 'mail', 'rcpt', 'data', 'dot'] as const)(
    'a connection lost at %s is a failure at that stage',
    async (moment) => {
      await using server = await ScriptedServer.open({
        ...way,
        script: { [moment]: { drop: 'end' } },
      })
      using pool = poolTo(server)

      const record = await pool.hand(held())

      expect(record).toMatchObject({
        stage: moment === 'dot' ? 'final' : moment,
        failure: { reason: 'lost' },
        isDotWritten: moment === 'dot',
      })
      expect(record.reply).toBeUndefined()
    },
  )

  test.each([
    ['what is no reply', 'mail', 'rubbish', 'malformed', 'mail'],
    ['an unreadable reply to RCPT', 'rcpt', '2', 'malformed', 'rcpt'],
    ['199 to RCPT', 'rcpt', '199 OK', 'malformed', 'rcpt'],
    ['354 to RCPT', 'rcpt', '354 OK', 'unexpected', 'rcpt'],
    ['250 to DATA', 'data', '250 OK', 'unexpected', 'data'],
    ['251 to the dot', 'dot', '251 OK', 'unexpected', 'final'],
    ['two codes to the dot', 'dot', '250-OK\r\n550 No', 'malformed', 'final'],
    ['two codes to the dot, the refusal first', 'dot', '550-No\r\n250 OK', 'malformed', 'final'],
    ['250 glued to 354', 'data', '354 Go\r\n250 OK', 'unasked', 'body'],
    ['half a reply glued to 354', 'data', '354 Go\r\n250', 'unasked', 'body'],
    ['354 twice', 'data', '354 Go\r\n354 Go', 'unasked', 'body'],
  ] as const)('%s ends the session', async (_what, moment, said, reason, stage) => {
    await using server = await ScriptedServer.open({ ...way, script: { [moment]: said } })
    using pool = poolTo(server)

    const record = await pool.hand(held())
    await server.deserted()

    expect(record).toMatchObject({ stage, failure: { reason } })
    expect(record.isDotWritten).toBe(moment === 'dot')
    expect(server.bodies).toHaveLength(moment === 'dot' ? 1 : 0)
  })

  test.each([
    ['auth', '235'],
    ['mail', '250'],
    ['rcpt', '250'],
  ] as const)('a reply too many at %s: nothing of the message leaves', async (moment, code) => {
    const script = { [moment]: `${code} OK\r\n${code} OK` }
    await using server = await ScriptedServer.open({ ...way, script })
    using pool = poolTo(server)

    const record = await pool.hand(held())
    await server.deserted()

    expect(record.failure).toBeDefined()
    expect(record).toMatchObject({ isDotWritten: false, isSourceRead: false })
    expect(server.bodies).toEqual([])
    expect(server.unfinished.join('')).toBe('')
  })

  test('a refusal glued to 354 is the answer: the message never leaves', async () => {
    await using server = await ScriptedServer.open({
      ...way,
      script: { data: '354 Go\r\n552 Too much' },
    })
    using pool = poolTo(server)

    const record = await pool.hand(held())
    await server.deserted()

    expect(record).toMatchObject({ stage: 'body', reply: { code: 552 }, isDotWritten: false })
    expect(record.failure).toBeUndefined()
    expect(server.unfinished.join('')).toBe('')
  })

  test('recipients are answered one by one', async () => {
    const said = ['550 No', '250 OK', '450 Later', '251 Elsewhere']
    await using server = await ScriptedServer.open({
      ...way,
      script: { rcpt: (_line, time) => said[time - 1] },
    })
    using pool = poolTo(server)
    const to = ['a@x.test', 'b@x.test', 'c@x.test', 'd@x.test']

    const record = await pool.hand(held('Hi', to))

    expect(record.recipients.map(({ address, reply }) => [address, reply?.code])).toEqual([
      ['a@x.test', 550],
      ['b@x.test', 250],
      ['c@x.test', 450],
      ['d@x.test', 251],
    ])
    expect(record).toMatchObject({ stage: 'final', reply: { code: 250 } })
  })

  test('a server that asks for the message though it refused everyone is left', async () => {
    await using server = await ScriptedServer.open({
      ...way,
      script: { rcpt: '550 No', data: '354 Go' },
    })
    using pool = poolTo(server)

    const record = await pool.hand(held())

    expect(record).toMatchObject({ stage: 'rcpt', reply: { code: 550 }, isDotWritten: false })
    expect(server.bodies).toEqual([])
  })

  test('the store may forbid the dot: it is never written', async () => {
    await using server = await ScriptedServer.open(way)
    using pool = poolTo(server)
    const refusal = new Error('The store is down.')

    const record = await pool.hand(held(), { beforeDot: () => Promise.reject(refusal) })
    await server.deserted()

    expect(record).toMatchObject({
      stage: 'body',
      failure: { reason: 'withheld', cause: refusal },
      isDotWritten: false,
    })
    expect(server.bodies).toEqual([])
  })
})

test('a short message is one write for the envelope and one with its dot', async () => {
  const chunks: string[] = []
  await using server = await ScriptedServer.open({ onChunk: (chunk) => chunks.push(chunk) })
  using pool = poolTo(server)
  await pool.hand(held('first'))
  chunks.length = 0

  await pool.hand(held('second', ['a@x.test', 'b@x.test']))

  expect(chunks).toEqual([
    'MAIL FROM:<shop@example.com> SIZE=23\r\nRCPT TO:<a@x.test>\r\nRCPT TO:<b@x.test>\r\nDATA\r\n',
    'Subject: Hi\r\n\r\nsecond\r\n.\r\n',
  ])
})

test('a message larger than the server takes never leaves, and neither does its envelope', async () => {
  await using server = await ScriptedServer.open({ extensions: ['SIZE 10'], size: false })
  using pool = poolTo(server)

  const record = await pool.hand(held())

  expect(record).toMatchObject({ stage: 'mail', failure: { reason: 'too-large' } })
  expect(server.commands('MAIL')).toEqual([])
})

test('a source that turns out larger than the server takes is cut: its dot never leaves', async () => {
  await using server = await ScriptedServer.open({ extensions: ['SIZE 100000'], size: false })
  using pool = poolTo(server)
  const chunk = Buffer.from(`${'x'.repeat(70)}\r\n`.repeat(1000))

  const record = await pool.hand(streamed(() => Readable.from([chunk, chunk])))
  await server.deserted()

  expect(record).toMatchObject({
    stage: 'body',
    failure: { reason: 'too-large' },
    isDotWritten: false,
  })
  expect(server.bodies).toEqual([])
})

test('a source that fails is a failure of the content, and its body is cut', async () => {
  await using server = await ScriptedServer.open()
  using pool = poolTo(server)
  const broken = new Error('The disk is gone.')
  const source = (): Readable =>
    Readable.from(
      (async function* () {
        yield Buffer.from('Subject: Hi\r\n\r\n')
        throw broken
      })(),
    )

  const record = await pool.hand(streamed(source))
  await server.deserted()

  expect(record).toMatchObject({ stage: 'body', failure: { reason: 'content', cause: broken } })
  expect(server.bodies).toEqual([])
})

test('a refusal while a long message is on its way ends it, with that reply as the answer', async () => {
  await using server = await ScriptedServer.open({
    replyInBody: { after: 100_000, reply: '552 Too much' },
  })
  using pool = poolTo(server)
  let isStopped = false
  const source = (): Readable =>
    Readable.from(
      (async function* () {
        try {
          for (;;) yield Buffer.from(`${'x'.repeat(70)}\r\n`.repeat(100))
        } finally {
          isStopped = true
        }
      })(),
    )

  const record = await pool.hand(streamed(source))
  await server.deserted()

  expect(record).toMatchObject({ stage: 'body', reply: { code: 552 }, isDotWritten: false })
  expect(isStopped).toBe(true)
  expect(server.commands('RSET')).toEqual([])
})

test.each([
  ['aborted', 'mail', false],
  ['closed', 'data', false],
  ['aborted', 'dot', true],
] as const)('an attempt that is %s at %s ends at once', async (reason, moment, isDotWritten) => {
  await using server = await ScriptedServer.open({ script: { [moment]: { silence: true } } })
  using pool = poolTo(server)
  const halt = new Halt()

  const handing = pool.hand(held(), { halt })
  await server.heard(moment === 'dot' ? /^\.$/ : new RegExp(`^${moment}`, 'i'))
  halt.stop(reason)

  expect(await handing).toMatchObject({ failure: { reason }, isDotWritten })
  await server.deserted()
})

test.each([
  ['untilBody', 'data', 'data'],
  ['afterDot', 'dot', 'final'],
] as const)('deadlines.%s ends a silent server at %s', async (deadline, moment, stage) => {
  await using server = await ScriptedServer.open({ script: { [moment]: { silence: true } } })
  using pool = poolTo(server, { deadlines: { ...deadlines, [deadline]: 100 } })

  expect(await pool.hand(held())).toMatchObject({ stage, failure: { reason: 'deadline' } })
  await server.deserted()
})

test('deadlines.body ends a source that gives nothing', async () => {
  await using server = await ScriptedServer.open()
  using pool = poolTo(server, { deadlines: { ...deadlines, body: 100 } })
  const source = new Readable({ read: () => undefined })

  expect(await pool.hand(streamed(() => source))).toMatchObject({
    stage: 'body',
    failure: { reason: 'deadline' },
    isSourceRead: true,
  })
  expect(source.destroyed).toBe(true)
})
