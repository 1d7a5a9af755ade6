import { createTransport } from 'nodemailer'
import { Transform } from 'node:stream'
import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import {
  attachMailgun,
  ConfigError,
  createMailer,
  createMailgunTransport,
  lint,
  type MailgunOptions,
} from '../../src/index.ts'
import { failedSend, shownBy, ways } from '../scripted-server/failed-send.ts'
import { auth, ScriptedServer } from '../scripted-server/scripted-server.ts'
import { letter } from '../wire/wire.ts'

describe.each(ways)('pool: $pool, pipelining: $pipelining', ({ pool, pipelining }) => {
  test.each(['2 ok', '20', '600 No', '999 No', '199 No', '354 Go on'])(
    'a final %j does not tell: the outcome is unknown',
    async (dot) => {
      const { error } = await failedSend({ script: { dot }, pipelining }, { pool })

      expect(error).toMatchObject({ outcome: 'unknown', code: 'ERR_MAILGUN_UNKNOWN_OUTCOME' })
    },
  )

  test("Mailgun's words under a number that refuses nothing reject nothing", async () => {
    const { error } = await failedSend(
      { script: { mail: '199 cannot parse from address' }, pipelining },
      { pool },
    )

    expect(error).toMatchObject({ outcome: 'deferred', retryable: true })
  })

  test('a line that is not a reply before the dot: nothing was accepted', async () => {
    const { error } = await failedSend({ script: { data: 'what?' }, pipelining }, { pool })

    expect(error).toMatchObject({ outcome: 'deferred', retryable: true })
  })
})

const canary = 'canary-to@example.net'

test.each([
  ['without the domain', '550 User canary-to is unknown'],
  ['before a full stop', '550 No mail for canary-to@example.net.'],
  ['before a slash', '550 canary-to@example.net/inbox is full'],
  ['in other letters', '550 CANARY-TO@Example.NET is unknown'],
  ['as quoted-printable', '550 canary-to=40example.net is unknown'],
  ['as a URL', '550 see https://help.test/?for=canary-to%40example.net'],
  ['over two lines', '550-No such user canary-\r\n550 to@example.net'],
  ['with an enhanced code', '550 5.1.1 <canary-to@example.net> does not exist'],
  ['with the body', '550 5.7.1 spam: "canary-body, and canary-subject"'],
  ["under Mailgun's words", '421 Domain canary-to.test is not allowed to send: Account disabled'],
])('a reply that names a recipient %s is not repeated', async (_name, reply) => {
  for (const at of ['rcpt', 'dot'] as const) {
    const { error } = await failedSend(
      { script: { [at]: reply } },
      {},
      { ...letter, to: canary, subject: 'canary-subject', text: 'canary-body' },
    )

    expect(error.reply?.code).toBe(Number(reply.slice(0, 3)))
    expect(error.reply?.serverText).toMatch(/canary/i)
    expect(`${shownBy(error)} ${inspect(error.reply, { showHidden: true })}`).not.toMatch(
      /canary-?(?!-login|-pass)/i,
    )
  }
})

test('a reply says what its codes mean: the enhanced one first', async () => {
  for (const [rcpt, text] of [
    ['550 5.1.1 <ada@example.net> does not exist', 'bad destination mailbox address'],
    ['550 5.9.99 Hm', 'mailbox unavailable'],
    ['550 Gone', 'mailbox unavailable'],
    ['550 4.1.1 Hm', 'mailbox unavailable'],
    ['550 Relaying denied', 'Relaying denied'],
    ['599 Hm', ''],
  ] as const) {
    const { error } = await failedSend({ script: { rcpt } })

    expect(error.reply?.text).toBe(text)
    expect(error.message).toContain(`A recipient was refused: ${rcpt.slice(0, 3)}`)
  }
})

test('a user whose name is a word of a known reply changes nothing of what it means', async () => {
  const { error } = await failedSend(
    {
      script: {
        data: '421 Domain a is not allowed to send: Please activate your Mailgun account.',
      },
    },
    {},
    { ...letter, to: 'activate@example.net' },
  )

  expect(error).toMatchObject({ outcome: 'rejected', code: 'ERR_MAILGUN_ACCOUNT' })
})

test('a receipt shows no login that the server repeats, not even to a caller that asks for its words', async () => {
  const base64 = Buffer.from(auth.pass).toString('base64')
  await using server = await ScriptedServer.open({
    script: { dot: `250 Great success ${auth.pass} ${base64} ${auth.user}` },
  })
  await using mailer = createMailer(server.config)

  const receipt = await mailer.send(letter)

  expect(receipt.reply.text).toBe('requested mail action okay, completed')
  expect(receipt.reply.serverText).toBe('Great success … … …')
})

test('inspecting a transporter shows no login', () => {
  const shown = inspect(createMailgunTransport({ auth, region: 'eu' }), {
    depth: 10,
    showHidden: false,
  })

  expect(shown).not.toContain('canary')
  expect(shown).toContain('smtp.eu.mailgun.org')
})

test('a line break or tab in a URL is refused, not dropped', () => {
  for (const control of ['\r\n', '\t', '\n', '\0']) {
    expect(() => createMailer(`smtp://login:pass@relay.example${control}.evil`)).toThrow(
      ConfigError,
    )
  }
})

test("a plugin's line of over 998 characters is refused before anything is sent", async () => {
  await using server = await ScriptedServer.open()
  const { port } = server
  const transporter = attachMailgun(
    createTransport({ host: '127.0.0.1', port, ignoreTLS: true, auth }),
  )
  transporter.use('stream', (mail, done) => {
    mail.message.addHeader('X-Token', { prepared: true, value: 'x'.repeat(1000) } as never)
    done()
  })

  await expect(transporter.sendMail(letter)).rejects.toMatchObject({
    code: 'ERR_MAILGUN_INVALID_MESSAGE',
    path: 'headers',
  })
  expect(server.sessions).toBe(0)
})

test('what a plugin makes of the bytes leaves, with its end', async () => {
  await using server = await ScriptedServer.open()
  const { port } = server
  const transporter = attachMailgun(
    createTransport({ host: '127.0.0.1', port, ignoreTLS: true, auth }),
  )
  transporter.use('stream', (mail, done) => {
    mail.message.transform(
      () =>
        new Transform({
          transform: (chunk: Buffer, _encoding, next) =>
            next(null, chunk.toString('latin1').replace('Hi', 'Ho')),
        }),
    )
    done()
  })

  await transporter.sendMail({ ...letter, text: 'Hi' })

  expect(server.bodies[0]).toMatch(/\r\n\r\nHo\r\n$/)
})

test('linting a value that is not a date finds nothing and throws nothing', () => {
  const deliverBy = Object.create(null) as Date

  expect(lint({ mailgun: { deliverBy } as MailgunOptions })).toEqual([])
})
