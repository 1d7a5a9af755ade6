import { afterEach, expect, test } from 'vitest'
import {
  createMailgunEmulator,
  type MailgunEmulator,
  type MailgunEmulatorOptions,
  type Message,
} from '../../src/index.ts'
import { openMailClient } from '../clients/mail-client.ts'

let emulator: MailgunEmulator | undefined
afterEach(() => emulator?.close())

type Headers = Readonly<Record<string, string | readonly string[]>>

async function start(options: MailgunEmulatorOptions = {}): Promise<MailgunEmulator> {
  emulator = await createMailgunEmulator({ httpPort: false, clock: 'virtual', ...options })
  return emulator
}

/** Sends a mail of these headers to an emulator that has none, and returns the copy of its first recipient. */
async function deliver(
  to: MailgunEmulator,
  headers: Headers,
  { html, recipients = ['ada@example.com'] }: { html?: string; recipients?: string[] } = {},
): Promise<Message> {
  const client = openMailClient(to)
  await client.sendMail({
    from: 'Shop <shop@mg.example.com>',
    to: recipients,
    subject: 'Hello',
    text: 'Hi',
    ...(html !== undefined && { html }),
    headers: Object.entries(headers).flatMap(([key, values]) =>
      [values].flat().map((value) => ({ key, value })),
    ),
  })
  client.close()
  const message = to.submissions.at(-1)?.messages[0]
  if (!message) throw new Error('nothing came')
  return message
}

function after(emulator: MailgunEmulator, milliseconds: number): Date {
  // Headers hold whole seconds.
  return new Date(Math.ceil((emulator.clock.now().getTime() + milliseconds) / 1_000) * 1_000)
}

const hour = 3_600_000
const day = 24 * hour

test('a message is delivered as it comes', async () => {
  const message = await deliver(await start(), {})

  expect(message).toMatchObject({
    state: 'delivered',
    scheduledFor: undefined,
    expiresAt: undefined,
    deliveredAt: message.submission.receivedAt,
    messageId: message.submission.messageId,
  })
})

test('deliver-by holds a message until its time', async () => {
  const emulator = await start()
  const due = after(emulator, 3 * hour)
  const message = await deliver(emulator, { 'X-Mailgun-Deliver-By': due.toUTCString() })
  const waiting = emulator.waitFor({ to: 'ada@example.com' })

  expect(message).toMatchObject({ state: 'scheduled', scheduledFor: due, deliveredAt: undefined })
  await expect(emulator.waitFor({ state: 'scheduled' })).resolves.toBe(message)
  await emulator.waitForNone(() => true, { within: 1 })
  emulator.clock.advance('2h')
  expect(message.state).toBe('scheduled')
  const delivered = await emulator.during(() => emulator.clock.advance('2h'))

  expect(delivered).toEqual([message])
  expect(message).toMatchObject({ state: 'delivered', scheduledFor: due, deliveredAt: due })
  expect(await waiting).toBe(message)
})

test('deliver-by in the past delivers at once', async () => {
  const emulator = await start()

  const message = await deliver(emulator, {
    'X-Mailgun-Deliver-By': after(emulator, -hour).toUTCString(),
  })

  expect(message.state).toBe('delivered')
  expect(codes(message)).toContain('deliver-by-past')
})

test('deliver-within counts from the scheduled time', async () => {
  const emulator = await start()
  const due = after(emulator, hour)

  const message = await deliver(emulator, {
    'X-Mailgun-Deliver-By': due.toUTCString(),
    'X-Mailgun-Deliver-Within': '1h30m',
  })

  expect(message.expiresAt).toEqual(new Date(due.getTime() + 1.5 * hour))
})

test('a time of day is that of each recipient, as far as Mailgun knows them', async () => {
  const emulator = await start({ engagement: { 'Ada@example.com': { timeZone: 'Asia/Tokyo' } } })

  const message = await deliver(
    emulator,
    { 'X-Mailgun-Time-Zone-Localize': '09:00' },
    { recipients: ['ada@example.com', 'bob@example.com'] },
  )

  const [ada, bob] = message.submission.messages
  const wait = Number(ada?.scheduledFor) - Number(emulator.clock.now())
  expect(ada?.scheduledFor?.toISOString()).toMatch(/T00:00:00/)
  expect(wait).toBeGreaterThanOrEqual(0)
  expect(wait).toBeLessThanOrEqual(day)
  expect(bob?.state).toBe('delivered')
  expect(codes(message)).toContain('deliver-time-without-data')
})

test('send time optimisation waits for the hour of the recipient', async () => {
  const emulator = await start({ engagement: { 'ada@example.com': { hour: 17 } } })

  const message = await deliver(emulator, { 'X-Mailgun-Delivery-Time-Optimize-Period': '24h' })

  expect(message.scheduledFor?.toISOString()).toMatch(/T17:00:00/)
  expect(Number(message.scheduledFor) - Number(emulator.clock.now())).toBeLessThanOrEqual(day)
})

test('a message that is dropped is in no inbox, unless it is asked for', async () => {
  const emulator = await start()
  const message = await deliver(emulator, { 'X-Mailgun-Drop-Message': 'yes' })

  expect(message).toMatchObject({ state: 'dropped', deliveredAt: undefined })
  await emulator.waitForNone({ to: 'ada@example.com' }, { within: 1 })
  await expect(emulator.waitFor({ state: 'any' })).resolves.toBe(message)
})

test('what is forgotten is not delivered any more', async () => {
  const emulator = await start()
  const due = after(emulator, hour).toUTCString()
  await deliver(emulator, { 'X-Mailgun-Deliver-By': due })

  const delivered = await emulator.during(() => {
    emulator.reset()
    emulator.clock.advance('2h')
  })

  expect(delivered).toEqual([])
})

test('several X-Mailgun-Variables are one', async () => {
  const message = await deliver(await start(), {
    'X-Mailgun-Variables': ['{"a": 1, "b": 1}', '{"b": 2}'],
  })

  expect(message.submission.options.variables).toEqual({ a: 1, b: 2 })
  expect(codes(message)).toContain('variable-given-twice')
})

test('a copy bears what Mailgun adds, and no more what it strips', async () => {
  const message = await deliver(await start(), {
    'X-Mailgun-Tag': 'news',
    'X-Mailgun-Template-Variables': '{"secret":1}',
    Sender: 'me@mg.example.com',
  })

  expect(message.headers.map(([name]) => name)).toEqual(
    expect.arrayContaining(['Received', 'X-Mailgun-Sid', 'X-Mailgun-Sending-Ip', 'X-Mailgun-Tag']),
  )
  expect(message.headers).toContainEqual(['Sender', 'postmaster@mg.example.com'])
  expect(message.headers.filter(([name]) => name === 'Sender')).toHaveLength(1)
  expect(message.raw.toString()).not.toMatch(/secret|me@mg/)
  expect(message.submission.raw.toString()).toMatch(/secret/)
})

test.each([
  ['X-Mailgun-Sid, X-Mailgun-Tag', ['X-Mailgun-Sending-Ip', 'X-Mailgun-Suppress-Headers']],
  ['all', []],
])('suppress-headers %s leaves %j', async (value, left) => {
  const message = await deliver(await start(), {
    'X-Mailgun-Tag': 'news',
    'X-Mailgun-Suppress-Headers': value,
  })

  const names = message.headers.map(([name]) => name).filter((name) => /^x-mailgun/i.test(name))
  expect(names).toEqual(left)
  expect(message.raw.toString().match(/^x-mailgun-[^:]+/gim) ?? []).toEqual(left)
})

test('a message without Message-ID gets one', async () => {
  const emulator = await start()
  const client = openMailClient(emulator)
  await client.sendMail({
    raw: 'From: a@mg.example.com\r\n\r\nHi\r\n',
    envelope: { from: 'a@mg.example.com', to: ['ada@example.com'] },
  })
  client.close()

  const [message] = emulator.messages
  expect(message?.submission.messageId).toBeUndefined()
  expect(message?.messageId).toMatch(/^<\d{14}\.[\da-f]{16}@mg\.example\.com>$/)
  expect(message?.headers).toContainEqual(['Message-Id', message?.messageId])
  await expect(emulator.waitFor({ messageId: message?.messageId })).resolves.toBe(message)
  expect(emulator.ledger.count({ messageId: message?.messageId ?? '' })).toBe(1)
})

const tracking = { opens: true, clicks: 'htmlonly', pixelTop: true } as const

test.each([
  ['nothing by default', undefined, {}, { opens: false, clicks: false }],
  ['what the domain says', tracking, {}, { opens: true, clicks: 'htmlonly', pixel: 'top' }],
  ['what the message says', tracking, { Track: 'no' }, { opens: false, clicks: false }],
  [
    'what the message says of one kind',
    tracking,
    { 'Track-Opens': 'no', 'Track-Clicks': 'yes' },
    { opens: false, clicks: true },
  ],
  ['with the pixel last', {}, { Track: 'yes' }, { opens: true, clicks: true, pixel: 'bottom' }],
])('tracks %s', async (_, domain, words, expected) => {
  const emulator = await start({ domains: [{ name: 'mg.example.com', tracking: domain }] })
  const headers = Object.fromEntries(
    Object.entries(words).map(([word, value]) => [`X-Mailgun-${word}`, value]),
  )

  const message = await deliver(emulator, headers, { html: '<p>Hi</p>' })
  expect(message.tracking).toEqual(expected)

  const plain = await deliver(emulator, headers)
  expect(plain.tracking).toEqual({ opens: false, clicks: expected.clicks })
})

test('multipart/mailgun-variables is its mail, with the variables beside it', async () => {
  const emulator = await start()
  const client = openMailClient(emulator)
  const variables = Buffer.from('{"ada@example.com": {"first": "Ada"}}').toString('base64')
  await client.sendMail({
    raw: [
      'From: a@mg.example.com',
      'X-Mailgun-Tag: outer',
      'Content-Type: multipart/mailgun-variables; boundary=b',
      '',
      '--b',
      'Content-Type: application/json',
      'Content-Transfer-Encoding: base64',
      '',
      variables,
      '--b',
      'Content-Type: message/rfc822',
      '',
      'From: Shop <shop@mg.example.com>',
      'To: %recipient_email%',
      'Subject: Hi %recipient.first%',
      '',
      'Dear %recipient.first%',
      '--b--',
      '',
    ].join('\r\n'),
    envelope: { from: 'a@mg.example.com', to: ['ada@example.com'] },
  })
  client.close()

  const [message] = emulator.messages
  expect(message).toMatchObject({
    subject: 'Hi Ada',
    from: 'Shop <shop@mg.example.com>',
    to: 'ada@example.com',
    variables: { first: 'Ada' },
  })
  expect(message?.submission.options.tags).toEqual(['outer'])
  expect((await message?.load())?.text.trim()).toBe('Dear Ada')
  expect(message?.raw.toString()).not.toContain('mailgun-variables')
})

function codes({ submission }: Message): readonly string[] {
  return submission.diagnostics.map(({ code }) => code)
}
