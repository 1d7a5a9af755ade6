import { afterEach, expect, test } from 'vitest'
import { createMailer, type MailgunMessage } from '../../src/index.ts'
import { createOutbox, type OutboxMessage } from '../../src/testing.ts'

const letter = { from: 'shop@mg.example.com', to: 'ada@example.com', subject: 'News', text: 'Hi' }

async function sent(fields: object): Promise<OutboxMessage> {
  const outbox = createOutbox()
  await using mailer = createMailer(outbox.transporter)
  await mailer.send({ ...letter, ...fields } as MailgunMessage)
  const [message] = outbox.messages
  if (!message) throw new Error('Nothing was sent.')
  return message
}

function field(message: OutboxMessage, name: string): readonly string[] {
  return message.headers.filter(([each]) => each.toLowerCase() === name).map(([, value]) => value)
}

test.each<readonly [string, object]>([
  ['a Date', { date: new Date('2026-12-24T08:00:00Z') }],
  ['a Date that went through JSON', { date: '2026-12-24T08:00:00.000Z' }],
  ['RFC 3339', { date: '2026-12-24T09:00:00+01:00' }],
  ['RFC 5322', { date: 'Thu, 24 Dec 2026 09:00:00 +0100' }],
  ['what String(date) writes', { date: 'Thu Dec 24 2026 08:00:00 GMT+0000 (UTC)' }],
  ['a header', { headers: { Date: '2026-12-24T08:00:00Z' } }],
])('a date given as %s leaves as RFC 5322', async (_form, fields) => {
  expect(field(await sent(fields), 'date')).toEqual(['Thu, 24 Dec 2026 08:00:00 +0000'])
})

test.each([
  'tomorrow',
  '1',
  'item 2026',
  '2026-02-31T00:00:00Z',
  new Date(Number.NaN),
  42,
  '2026-12-24T08:00:00Z\r\nBcc: a@b.example',
])('a date that is none is refused: %o', async (date) => {
  await expect(sent({ date })).rejects.toMatchObject({ path: 'date' })
})

test.each<readonly [string, string]>([
  ['own@example.com', '<own@example.com>'],
  [' <own@example.com> ', '<own@example.com>'],
  ['< own@example.com >', '<own@example.com>'],
])(
  'the Message-ID %o leaves with its brackets, and so does the receipt',
  async (given, messageId) => {
    const outbox = createOutbox()
    await using mailer = createMailer(outbox.transporter)

    const receipt = await mailer.send({ ...letter, messageId: given })

    expect(receipt.messageId).toBe(messageId)
    expect(outbox.messages[0]?.messageId).toBe(messageId)
  },
)

test.each([
  'order-4711',
  '<a b@example.com>',
  '‹grüße@example.com›',
  '<@example.com>',
  '<a@b>, <c@d>',
])('the Message-ID %o has no place in RFC 5322 and is refused', async (messageId) => {
  await expect(sent({ messageId })).rejects.toMatchObject({ path: 'messageId' })
})

test.each([
  'Content-Type',
  'content-transfer-encoding',
  'MIME-Version',
  'Content-Disposition',
  'Content-ID',
  'Return-Path',
  'con\ttent-type',
])('the header %o, which is written from the message, is refused', async (name) => {
  const headers = { [name]: 'text/plain' }

  await expect(sent({ headers })).rejects.toMatchObject({ path: 'headers[0]' })
  await expect(sent({ headers: [{ key: name, value: 'x' }] })).rejects.toMatchObject({
    path: 'headers[0]',
  })
})

test.each(['text', 'html', 'amp', 'watchHtml'])(
  '%s takes content, and neither headers nor a file name',
  async (body) => {
    const rest = { html: '<p>Hi</p>', text: 'Hi' }
    for (const given of [
      { headers: { 'List-Unsubscribe': '<https://evil.example/u>' } },
      { headers: { 'X-A': 'a' } },
      { filename: 'run.exe' },
      { contentDisposition: 'attachment' },
      { cid: 'a' },
    ]) {
      const [name] = Object.keys(given)
      await expect(sent({ ...rest, [body]: { content: 'x', ...given } })).rejects.toMatchObject({
        path: `${body}.${name}`,
      })
    }
    await expect(
      sent({ ...rest, [body]: { content: 'eA==', encoding: 'base64' } }),
    ).resolves.toBeDefined()
  },
)

test.each(['DKIM-Signature', 'Date', 'Authentication-Results', 'Resent-To', 'List-Unsubscribe'])(
  'a part cannot set %s of the message',
  async (name) => {
    for (const part of ['attachments', 'alternatives']) {
      const parts = { text: undefined, [part]: [{ content: 'x', headers: { [name]: 'x' } }] }
      await expect(sent(parts)).rejects.toMatchObject({ path: `${part}[0].headers[0]` })
    }
  },
)

test.each<readonly [object, string]>([
  [{ body: 'x' }, 'text or html'],
  [{ contents: 'x' }, 'text or html'],
  [{ reply_to: 'a@example.com' }, 'replyTo'],
  [{ atachments: [] }, 'attachments'],
  [{ tags: ['x'] }, 'mailgun.tags'],
  [{ trackOpens: true }, 'mailgun.trackOpens'],
])(
  'a field that nothing reads is refused with the one that is meant: %o',
  async (fields, meant) => {
    await expect(sent(fields)).rejects.toThrow(`did you mean ${meant}?`)
  },
)

test('a mailer of a config refuses a field that no plugin can read', async () => {
  await using mailer = createMailer('smtp://user:password@127.0.0.1:1?requireTLS=false')

  await expect(
    mailer.send({ ...letter, flavour: 'canary' } as MailgunMessage),
  ).rejects.toMatchObject({ path: 'flavour', code: 'ERR_MAILGUN_INVALID_MESSAGE' })
})

test.each<readonly [string, object]>([
  ['a Map', new Map([['X-Order', '7']])],
  ["fetch's Headers", new Headers({ 'X-Order': '7' })],
  ['a number', { 'X-Order': 7 }],
])('headers given as %s leave', async (_form, headers) => {
  expect(field(await sent({ headers }), 'x-order')).toEqual(['7'])
})

test('a header of zero leaves', async () => {
  expect(field(await sent({ headers: { 'X-Zero': 0 } }), 'x-zero')).toEqual(['0'])
})

afterEach(() => {
  for (const key of ['bcc', 'headers', 'mailgun', 'path'])
    Reflect.deleteProperty(Object.prototype, key)
})

test('what Object.prototype was polluted with does not reach the wire', async () => {
  Object.assign(Object.prototype, {
    bcc: 'evil@evil.example',
    headers: { 'X-Evil': '1' },
    mailgun: { tags: ['evil'] },
  })
  const message = await sent({ attachments: [{ content: 'x', filename: 'a.txt' }] })

  expect(message.envelope.to).toEqual(['ada@example.com'])
  expect(message.raw.toString()).not.toMatch(/evil/i)
})

test('a message whose parts would inherit their content is refused', async () => {
  Object.assign(Object.prototype, { path: '/etc/hostname' })

  await expect(sent({})).rejects.toThrow('added path to Object.prototype')
})

test('an invitation stays an alternative, with the method that its content says', async () => {
  const event = 'BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR'
  for (const icalEvent of [event, { content: event, headers: { 'X-A': 'a' } }]) {
    const raw = (await sent({ html: '<p>Hi</p>', icalEvent })).raw.toString()

    expect(raw).toContain('Content-Type: text/calendar; charset=utf-8; method=REQUEST')
    const alternative = raw.slice(raw.indexOf('text/calendar'), raw.indexOf('application/ics'))
    expect(alternative).not.toMatch(/^Content-Disposition: attachment/m)
  }
  await expect(sent({ icalEvent: { content: event, method: 'cancel' } })).rejects.toMatchObject({
    path: 'icalEvent.method',
  })
})

test.each([
  ['[Acme] Robot <a@example.com>', 'quote the name'],
  ['Support (Billing) <a@example.com>', 'quote the name'],
  ['a@b <a@example.com>', 'quote the name'],
])('the name of %s has to be quoted, and the error says so', async (from, cure) => {
  await expect(sent({ from })).rejects.toThrow(cure)
})

test('the address of the defaults is read when the mailer is made', () => {
  const auth = { user: 'postmaster@mg.example.com', pass: 'password' }

  expect(() => createMailer({ auth, defaults: { from: '[Acme] Robot <a@example.com>' } })).toThrow(
    'defaults.from',
  )
})

test.each(['\r\n', '\n', '\0', '\u0085', '\u2028', '\u2029'])(
  'an answer to a Message-ID that holds the line break %j is refused',
  async (lineBreak) => {
    const inReplyTo = `a@example.com${lineBreak}Bcc: eve@example.net`

    await expect(sent({ inReplyTo })).rejects.toMatchObject({ path: 'inReplyTo' })
  },
)

test.each([[['\n']], [{ value: '\n' }], [10]])(
  'line endings that are not a string are refused by name: %j',
  async (newline) => {
    await expect(sent({ newline })).rejects.toMatchObject({ path: 'newline' })
  },
)

test('a header with a name that no line can carry is refused in its place', async () => {
  const long = 'X'.repeat(1_000_000)

  await expect(sent({ headers: { 'X-A': 'a', [long]: 'b' } })).rejects.toMatchObject({
    path: 'headers[1]',
  })
  await expect(
    sent({ attachments: [{ filename: 'a', content: 'a', headers: { [long]: 'b' } }] }),
  ).rejects.toMatchObject({ path: 'attachments[0].headers[0]' })
})
