import { describe, expect, test } from 'vitest'
import { loginCure } from '../../src/outcome/login.ts'
import { createMailer } from '../../src/index.ts'
import { failedSend, shownBy, verdict, ways } from '../scripted-server/failed-send.ts'
import { auth, ScriptedServer } from '../scripted-server/scripted-server.ts'
import type { Moment } from '../scripted-server/scripted-session.ts'
import { letter } from '../wire/wire.ts'

type Verdict = readonly [outcome: string, fault: string, retryable: boolean, code: string]

const login: Verdict = ['deferred', 'account', false, 'ERR_MAILGUN_AUTH']
const account: Verdict = ['rejected', 'account', false, 'ERR_MAILGUN_ACCOUNT']
const quota: Verdict = ['deferred', 'account', true, 'ERR_MAILGUN_QUOTA']
const recipient: Verdict = ['rejected', 'recipient', false, 'ERR_MAILGUN_RECIPIENT']
const refused: Verdict = ['rejected', 'message', false, 'ERR_MAILGUN_REFUSED']
const later: Verdict = ['deferred', 'message', true, 'ERR_MAILGUN_REFUSED']
const session = (retryable: boolean): Verdict => [
  'deferred',
  'connection',
  retryable,
  'ERR_MAILGUN_CONNECTION',
]

const notAllowed = '421 Domain mg.example.com is not allowed to send: '

/** Replies that Mailgun was seen to send, and what they mean; then any server's. */
const replies: readonly (readonly [Moment, string, Verdict, RegExp])[] = [
  ['auth', '535 Authentication failed', login, /SMTP login of the domain, not an API key/],
  ['auth', '535 5.7.0 Mailgun is not loving your login or password', login, /IP allow-list/],
  [
    'auth',
    '535 5.7.0 Your account is on probation and domains are limited to 100 messages / hour. Account will be enabled in 1800 seconds',
    quota,
    /quota/,
  ],
  ['rcpt', `${notAllowed}Account disabled`, account, /control panel says why/],
  ['rcpt', '550 5.7.1 Relaying denied', login, /set auth in the config/],
  ['rcpt', '501 Invalid command or cannot parse to address', recipient, /one plain address/],
  ['mail', '501 Invalid command or cannot parse from address', recipient, /one plain address/],
  [
    'data',
    `${notAllowed}Sandbox subdomains are for test purposes only. Please add your own domain or add the address to authorized recipients in Account Settings.`,
    account,
    /authorised recipients/,
  ],
  [
    'data',
    `${notAllowed}Free accounts are for test purposes only. Please upgrade or add the address to authorized recipients in Account Settings.`,
    account,
    /choose one/,
  ],
  [
    'data',
    `${notAllowed}Please activate your Mailgun account. Check your inbox or log in to your control panel to resend the activation email.`,
    account,
    /activation mail/,
  ],
  ['data', `${notAllowed}Account disabled`, account, /control panel says why/],
  [
    'data',
    `${notAllowed}recipient limit exceeded, try again after Sun, 05 Oct 2025 19:22:44 UTC`,
    quota,
    /after retryAfter/,
  ],
  [
    'dot',
    '451 Failed to parse header: malformed data; unexpected EOF',
    later,
    /accepted such messages later/,
  ],
  ['dot', '554 Sandbox subdomains are for test purposes only.', account, /authorised recipients/],
  ['dot', '554 Mailgun cannot accept your message', refused, /reply says why/],

  ['greeting', '554 No service', session(false), /serves your IP address/],
  ['greeting', '421 Too busy', session(true), /serves your IP address/],
  ['ehlo', '421 Too busy', session(true), /serves your IP address/],
  [
    'auth',
    '454 Temporary authentication failure',
    [...login.slice(0, 2), true, login[3]] as never,
    /SMTP login/,
  ],
  ['mail', '451 Try later', later, /from address/],
  ['mail', '550 No such sender', refused, /from address/],
  [
    'rcpt',
    '450 Mailbox busy',
    ['deferred', 'recipient', true, 'ERR_MAILGUN_RECIPIENT'],
    /reply for each/,
  ],
  ['rcpt', '550 No such user', recipient, /reply for each/],
  [
    'rcpt',
    '552 Too many recipients',
    ['deferred', 'recipient', true, 'ERR_MAILGUN_RECIPIENT'],
    /reply for each/,
  ],
  ['data', '554 No', refused, /reply says why/],
  ['data', '503 RCPT command expected', later, /reply says why/],
  ['dot', '452 Out of storage', later, /reply says why/],
  ['dot', '421 Shutting down', later, /reply says why/],
  ['dot', '503 Bad sequence', later, /reply says why/],
  ['dot', '552-5.3.4 Message too big\r\n552 5.3.4 for this system', refused, /reply says why/],
]

describe.each(ways)('pool: $pool, pipelining: $pipelining', ({ pool, pipelining }) => {
  test.each(replies)('at %s, %s', async (moment, reply, meaning, cure) => {
    const [outcome, fault, retryable, code] = meaning

    const { error, server } = await failedSend(
      { script: { [moment]: reply }, pipelining },
      { pool },
    )

    expect(verdict(error)).toEqual({ outcome, fault, retryable, code })
    expect(error.cure).toMatch(cure)
    expect(error.message).toContain(error.cure)
    expect(error.reply?.code).toBe(Number(reply.slice(0, 3)))
    expect(error.attempts).toBe(1)
    expect(server.bodies).toHaveLength(moment === 'dot' ? 1 : 0)
  })
})

test('a quota with a date may be tried again after it', async () => {
  const { error } = await failedSend({
    script: {
      data: `${notAllowed}recipient limit exceeded, try again after Sun, 05 Oct 2025 19:22:44 UTC`,
    },
  })

  expect(error.retryAfter).toEqual(new Date('2025-10-05T19:22:44Z'))
})

test('an account on probation may be tried again once it is enabled', async () => {
  const before = Date.now()
  const { error } = await failedSend({
    script: {
      auth: '535 5.7.0 Your account is on probation. Account will be enabled in 1800 seconds',
    },
  })

  expect(Number(error.retryAfter)).toBeGreaterThanOrEqual(before + 1_800_000)
  expect(Number(error.retryAfter)).toBeLessThanOrEqual(Date.now() + 1_800_000)
})

test("a server's own words are one short line for a caller that asks for them, and are nowhere else", async () => {
  const lines = Array.from({ length: 100 }, (_, index) => `554-line ${index} of a long story`)
  const { error } = await failedSend({ script: { dot: [...lines, '554 end'].join('\r\n') } })

  expect(error.reply).toEqual({ code: 554, text: 'transaction failed' })
  expect(error.reply?.serverText).toMatch(/^line 0 of a long story line 1 of/)
  expect(error.reply?.serverText?.length).toBeLessThanOrEqual(500)
  expect(error.message).not.toMatch(/[\r\n]/)
  expect(shownBy(error)).not.toContain('long story')
})

test('a reply without an end after the dot is not a reply: the outcome is unknown', async () => {
  const endless = `250-${'x'.repeat(1000)}\r\n`.repeat(1200)
  const { error } = await failedSend({ script: { dot: endless } })

  expect(error).toMatchObject({ outcome: 'unknown', retryable: false })
})

test('a reply that refuses nothing after the dot is not a refusal: the outcome is unknown', async () => {
  for (const reply of ['354 Continue', '199 Hm', 'garbage']) {
    const { error } = await failedSend({ script: { dot: reply } })

    expect(error).toMatchObject({ outcome: 'unknown', retryable: false })
  }
})

describe('the cure of a refused login', () => {
  test('names the other region where the host is of one', () => {
    expect(loginCure('smtp.mailgun.org')).toContain("region: 'eu'")
    expect(loginCure('smtp.eu.mailgun.org')).toContain("region: 'us'")
    expect(loginCure('relay.example')).not.toContain('region')
  })

  test.each(['key-0123456789abcdef', '0123456789abcdef0123456789abcdef-01234567-89abcdef'])(
    'tells an API key by its looks: %s',
    async (pass) => {
      const { error } = await failedSend(
        { script: { auth: '535 Authentication failed' } },
        { auth: { ...auth, pass } },
      )

      expect(error.cure).toContain('looks like an API key')
      expect(error.message).not.toContain(pass)
    },
  )
})

test('verify tells a refused login as a send does, and sends nothing', async () => {
  await using server = await ScriptedServer.open({ script: { auth: '535 Authentication failed' } })
  await using mailer = createMailer(server.config)

  await expect(mailer.verify()).rejects.toMatchObject({
    code: 'ERR_MAILGUN_AUTH',
    retryable: false,
  })
  await expect(mailer.send(letter)).rejects.toMatchObject({ code: 'ERR_MAILGUN_AUTH' })
  expect(server.commands('MAIL')).toEqual([])
})
