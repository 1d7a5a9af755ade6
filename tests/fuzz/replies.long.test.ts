import { createMailer, DeliveryError, type MailgunConfig, type Receipt } from '@mailgun-smtp/core'
import fc from 'fast-check'
import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { fuzz } from './fuzz/fuzz.ts'
import { ReplyingServer, type Answer, type Answers } from './fuzz/replying-server.ts'

const auth = { user: 'canary-login@mg.example.com', pass: 'canary-pass' }

const message = {
  from: 'Canary <canary-from@example.com>',
  to: ['canary-to@example.net', 'canary-too@example.net'],
  subject: 'canary-subject',
  text: 'canary-body\r\n.\r\n.canary\r\n',
}

const base64 = (text: string): string => Buffer.from(text).toString('base64')
const encoded = [auth.user, auth.pass, `\0${auth.user}\0${auth.pass}`].map(base64)

/** Every deadline, in milliseconds: what hangs must end, and a minute must see many cases. */
const deadline = 200

const words = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ...message.to,
        ...encoded,
        auth.user,
        auth.pass,
        '<canary-to@example.net>',
        'CANARY-FROM@EXAMPLE.COM',
        'Domain mg.example.com is not allowed to send: Free accounts are for test purposes only',
        'Please try again after Sun, 01 Jan 2040 00:00:00 UTC',
        'enabled in 99999 seconds',
        'cannot parse to address',
        'Relaying denied',
        'failed to parse header',
        'Sandbox subdomains are for test purposes only',
        'account disabled',
        '5.7.1',
        '#4.3.0',
        '\0',
        '\x1b[2J',
        '\r',
        '\t',
        '\u00ff',
        'x'.repeat(2000),
      ),
      fc.string({ maxLength: 10 }),
    ),
    { maxLength: 4 },
  )
  .map((pieces) => pieces.join(' '))

const code = fc.oneof(
  fc.constantFrom(
    '220',
    '221',
    '235',
    '250',
    '251',
    '252',
    '334',
    '354',
    '421',
    '450',
    '451',
    '452',
    '454',
    '500',
    '501',
    '502',
    '503',
    '530',
    '535',
    '550',
    '552',
    '554',
    '000',
    '199',
    '600',
    '999',
  ),
  fc.string({ maxLength: 4 }),
)

const line = fc
  .tuple(code, fc.constantFrom(' ', '-', '', '_'), words)
  .map((parts) => parts.join(''))

/** One reply, or several, or none, or half of one, with any line ends. */
const reply = fc
  .tuple(fc.array(line, { maxLength: 3 }), fc.constantFrom('\r\n', '\r\n', '\r\n', '\n', '\r', ''))
  .map(([lines, end]) => lines.map((one) => one + end).join(''))

const ordinary = fc.tuple(code, words).map(([digits, text]) => `${digits} ${text}\r\n`)

const answer: fc.Arbitrary<Answer> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      say: ordinary,
      cutAt: fc.option(fc.nat({ max: 20 }), { nil: undefined }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ say: reply }) },
  {
    weight: 3,
    arbitrary: fc.record({
      leave: fc.constantFrom('end', 'reset'),
      after: fc.oneof(reply, fc.constant('')),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ silence: true as const }) },
)

const now = fc.array(answer, { minLength: 1, maxLength: 2 })

const answers: fc.Arbitrary<Answers> = fc.record(
  { greeting: now, EHLO: now, AUTH: now, MAIL: now, RCPT: now, DATA: now, dot: now, other: now },
  { requiredKeys: [] },
)

/** Mostly one moment goes wrong, late ones more often than early ones. */
const some = fc.oneof(
  { weight: 1, arbitrary: answers },
  { weight: 4, arbitrary: now.map((dot): Answers => ({ dot })) },
  { weight: 2, arbitrary: now.map((DATA): Answers => ({ DATA })) },
  { weight: 2, arbitrary: now.map((RCPT): Answers => ({ RCPT })) },
  { weight: 1, arbitrary: now.map((MAIL): Answers => ({ MAIL })) },
  { weight: 1, arbitrary: now.map((AUTH): Answers => ({ AUTH })) },
)

test('whatever a server replies, the send settles with what the replies say and no more', async () => {
  const play = fc.record({ answers: some, pool: fc.boolean() })
  const property = fc.asyncProperty(
    fc.array(play, { minLength: 20, maxLength: 20 }),
    async (plays) => {
      await Promise.all(plays.map(({ answers: given, pool }) => sendAgainst(given, pool)))
    },
  )

  await fuzz('replies', property, { cases: 20, atNight: 60_000 })
})

async function sendAgainst(given: Answers, pool: boolean): Promise<void> {
  await using server = await ReplyingServer.open(given)
  const config: MailgunConfig = {
    auth,
    pool,
    host: '127.0.0.1',
    port: server.port,
    secure: false,
    requireTLS: false,
    retry: false,
    deadlines: { greeting: deadline, untilBody: deadline, body: deadline, afterDot: deadline },
  }
  const mailer = createMailer(config)
  const result = await mailer.send(message).catch((error: unknown) => error as Error)
  await mailer.close({ within: 1 })

  expect(server.bodies).toBeLessThanOrEqual(1)
  if (result instanceof Error) expectTruth(result, server)
  else expectTaken(result, server)
}

const replyOf = (digit: string): RegExp => new RegExp(`^${digit}\\d\\d`, 'm')

/** Accepted: only by a 2yz after the dot. */
function expectTaken(receipt: Receipt, server: ReplyingServer): void {
  expect(server.bodies).toBe(1)
  expect(server.saidSinceData).toMatch(replyOf('2'))
  expect(receipt.reply.code).toBeGreaterThanOrEqual(200)
  expect(receipt.reply.code).toBeLessThan(300)
  expect(receipt.accepted.length).toBeGreaterThan(0)
}

/** Not accepted: surely so only without a whole body, or by a 4yz or 5yz. */
function expectTruth(error: Error, server: ReplyingServer): void {
  expect(error).toBeInstanceOf(DeliveryError)
  const { outcome, reply: last, retryable } = error as DeliveryError
  if (outcome === 'unknown') {
    expect(server.bodyAsked).toBe(true)
    expect(retryable).toBe(false)
  } else if (server.bodies > 0) {
    expect(server.saidSinceData).toMatch(replyOf('[45]'))
    expect(last?.code).toBeGreaterThanOrEqual(400)
  }
  if (outcome === 'rejected') expect(last).toBeDefined()
  expect(leaksOf(error)).toEqual([])
}

function leaksOf(error: Error): string[] {
  const shown = [
    String(error),
    error.stack,
    JSON.stringify(error),
    JSON.stringify({ cause: error.cause }),
    inspect(error, { depth: 10 }),
  ].join('\n')
  return [
    ...(shown.match(/canary.*/gi) ?? []),
    ...encoded.filter((secret) => shown.includes(secret)),
  ]
}
