import { lint } from '@mailgun-smtp/core/headers'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createMailgunEmulator, type MailgunEmulator } from '../../src/index.ts'
import { openMailClient, type MailClient } from '../clients/mail-client.ts'
import { Conversation } from '../clients/conversation.ts'

let emulator: MailgunEmulator
let client: MailClient
beforeAll(async () => {
  emulator = await createMailgunEmulator({ httpPort: false, clock: 'virtual' })
  client = openMailClient(emulator)
})
beforeEach(() => emulator.reset())
afterAll(async () => {
  client.close()
  await emulator.close()
})

const mail = { from: 'a@mg.example.com', to: 'b@c.d', subject: 'x', text: 'y' }

async function codesOf(message: object): Promise<readonly string[]> {
  await client.sendMail({ ...mail, ...message })
  return emulator.submissions.at(-1)?.diagnostics.map(({ code }) => code) ?? []
}

/** Of a message as source, sent in clear, and so after a login in clear. */
async function codesOfRaw(source: string, to = ['b@c.d']): Promise<readonly string[]> {
  const conversation = await Conversation.open(emulator)
  await conversation.logIn(emulator.credentials)
  expect(await conversation.send(mail.from, to, source)).toBe('250 Great success')
  conversation.close()
  return emulator.submissions.at(-1)?.diagnostics.map(({ code }) => code) ?? []
}

test('a plain message has none', async () => {
  expect(await codesOf({})).toEqual([])
})

test.each([
  ['unknown-header', { 'X-Mailgun-Nonsense': '1' }],
  ['unreadable-value', { 'X-Mailgun-Track': 'perhaps' }],
  ['boolean-not-yes-or-no', { 'X-Mailgun-Track': 'true' }],
  ['drop-message-no', { 'X-Mailgun-Drop-Message': 'no' }],
  ['json-in-encoded-words', { 'X-Mailgun-Variables': '{"a":"b"}' }],
])('%s is told of %j', async (code, headers) => {
  expect(await codesOf({ headers })).toEqual([code])
  const [diagnostic] = emulator.submissions[0]?.diagnostics ?? []
  expect(diagnostic?.header).toBe(Object.keys(headers)[0])
  expect(diagnostic?.message).not.toBe('')
})

test.each([
  ['header-unterminated', 'From: a@mg.example.com\r\n'],
  ['header-line-unreadable', 'From: a@mg.example.com\r\nnonsense\r\n\r\ny\r\n'],
  ['header-not-ascii', 'From: a@mg.example.com\r\nSubject: ä\r\n\r\ny\r\n'],
  ['from-missing', 'Subject: x\r\n\r\ny\r\n'],
  ['line-feed-bare', 'From: a@mg.example.com\r\n\r\ny\nz\r\n'],
  ['carriage-return-bare', 'From: a@mg.example.com\r\n\r\ny\rz\r\n'],
  ['null-byte', 'From: a@mg.example.com\r\n\r\ny\0z\r\n'],
  ['body-line-over-998', `From: a@mg.example.com\r\n\r\n${'y'.repeat(999)}\r\n`],
  ['eight-bit-undeclared', 'From: a@mg.example.com\r\n\r\nGrüße\r\n'],
])('%s is told', async (code, source) => {
  expect(await codesOfRaw(source)).toEqual([code, 'login-in-clear'])
})

test.each([
  ['a line of 998 characters', `From: a@mg.example.com\r\n\r\n${'y'.repeat(998)}\r\n`],
  ['8-bit in MIME', 'From: a@mg.example.com\r\nMIME-Version: 1.0\r\n\r\nGrüße\r\n'],
])('%s is not told', async (_, source) => {
  expect(await codesOfRaw(source)).toEqual(['login-in-clear'])
})

test('a recipient that was given twice is told', async () => {
  const codes = await codesOfRaw('From: a@mg.example.com\r\nTo: b@c.d\r\n\r\ny\r\n', [
    'b@c.d',
    'b@c.d',
  ])

  expect(codes).toContain('recipient-given-twice')
})

test('a delivery time optimised for several is told', async () => {
  const headers = { 'X-Mailgun-Delivery-Time-Optimize-Period': '24h' }

  expect(await codesOf({ headers, to: ['b@c.d', 'e@f.g'] })).toContain('optimised-for-several')
  expect(await codesOf({ headers })).not.toContain('optimised-for-several')
})

describe("core's lint", () => {
  const variables = { 'b@c.d': { first: 'Bo' }, 'e@f.g': {} }
  const prepared = (value: string) => ({ prepared: true, value })

  test('warns alike before and after sending', async () => {
    const text = 'Hi %recipient.first%'
    const before = lint({
      mailgun: { recipientVariables: variables, tags: ['1', '2', '3', '4'] },
      to: ['b@c.d', 'e@f.g'],
      text,
    }).map(({ code }) => code)

    const after = await codesOf({
      to: ['b@c.d', 'e@f.g'],
      text,
      headers: {
        'X-Mailgun-Recipient-Variables': prepared(JSON.stringify(variables)),
        'X-Mailgun-Tag': ['1', '2', '3', '4'],
      },
    })

    expect(before).toContain('placeholder-without-variable')
    expect(after).toEqual(before)
  })

  test('reads who is copied from the header, and who is hidden from the envelope', async () => {
    const headers = { 'X-Mailgun-Recipient-Variables': prepared('{"b@c.d":{},"e@f.g":{}}') }

    expect(await codesOf({ headers, cc: 'e@f.g' })).toEqual(['batch-with-copies'])
    expect(await codesOf({ headers, bcc: 'e@f.g' })).toEqual(['batch-with-copies'])
    const toEach = { name: '', address: '%recipient_email%' }
    const envelope = { from: mail.from, to: ['b@c.d', 'e@f.g'] }
    expect(await codesOf({ headers, to: toEach, envelope })).toEqual([])
  })

  test('finds the HTML that a template needs in the parts', async () => {
    const headers = { 'X-Mailgun-Template-Name': 'welcome' }

    expect(await codesOf({ headers })).toEqual(['template-without-html'])
    expect(await codesOf({ headers, html: '<p>y</p>' })).toEqual([])
  })

  test("goes by the emulator's clock", async () => {
    const headers = { 'X-Mailgun-Deliver-By': new Date(Date.now() + 3_600_000).toUTCString() }
    expect(await codesOf({ headers })).toEqual([])
    emulator.clock.advance('2h')

    expect(await codesOf({ headers })).toEqual(['deliver-by-past'])
    expect(emulator.submissions[0]?.diagnostics).toEqual([])
  })
})

test("'reject' refuses with the code, and keeps nothing", async () => {
  await using strict = await createMailgunEmulator({ httpPort: false, diagnostics: 'reject' })
  const sender = openMailClient(strict)
  const tagged = { ...mail, headers: { 'X-Mailgun-Tag': ['1', '2', '3', '4'] } }

  await expect(sender.sendMail(tagged)).rejects.toMatchObject({
    responseCode: 554,
    response: "554 The emulator was asked to refuse what has a diagnostic: 'tags-over-3'",
  })
  await sender.sendMail(mail)

  expect(strict.submissions).toHaveLength(1)
  expect(strict.ledger.count()).toBe(1)
  sender.close()
})
