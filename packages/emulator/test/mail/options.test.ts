import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { createMailgunEmulator, type MailgunEmulator, type Submission } from '../../src/index.ts'
import { openMailClient, type MailClient } from '../clients/mail-client.ts'

let emulator: MailgunEmulator
let transporter: MailClient
beforeAll(async () => {
  emulator = await createMailgunEmulator({ httpPort: false })
  transporter = openMailClient(emulator)
})
afterEach(() => emulator.reset())
afterAll(async () => {
  transporter.close()
  await emulator.close()
})

async function receive(source: string | Buffer): Promise<Submission> {
  await transporter.sendMail({
    raw: source,
    envelope: { from: 'shop@mg.example.com', to: ['ada@example.com'] },
  })
  return (await emulator.waitFor({ to: 'ada@example.com' })).submission
}

const options = { tags: ['one', 'two'], track: false, variables: { a: 'ä "quoted"', b: [1, 2] } }

test.each([
  [
    'on one line',
    'X-Mailgun-Tag: one\r\nX-Mailgun-Tag: two\r\nX-Mailgun-Track: no\r\nX-Mailgun-Variables: {"a":"\\u00e4 \\"quoted\\"","b":[1,2]}\r\n',
  ],
  [
    'folded',
    'X-Mailgun-Tag:\r\n one\r\nX-Mailgun-Tag: two\r\nX-Mailgun-Track: no\r\nX-Mailgun-Variables: {"a":"\\u00e4 \\"quoted\\"",\r\n "b":[1,\r\n\t2]}\r\n',
  ],
  [
    'in lower case, with true and false, with UTF-8, with bare line feeds',
    'x-mailgun-tag: one\nx-mailgun-tag: two\nx-mailgun-track: false\nx-mailgun-variables: {"a":"ä \\"quoted\\"","b":[1,2]}\n',
  ],
  [
    'as encoded words',
    'X-Mailgun-Tag: one\r\nX-Mailgun-Tag: two\r\nX-Mailgun-Track: no\r\nX-Mailgun-Variables: =?UTF-8?Q?{=22a=22:=22=C3=A4_=5C=22quoted=5C=22=22,?=\r\n =?UTF-8?Q?=22b=22:[1,2]}?=\r\n',
  ],
])('reads the same options %s', async (_, headers) => {
  const submission = await receive(`From: a@mg.example.com\r\n${headers}\r\nbody\r\n`)

  expect(submission.options).toEqual(options)
  expect(submission.problems).toEqual([])
})

test('tells which headers have no meaning, and takes the message all the same', async () => {
  const submission = await receive(
    'X-Mailgun-Tga: x\r\nX-Mailgun-Variables: {not json}\r\nX-Mailgun-Tag: kept\r\n\r\nbody\r\n',
  )

  expect(submission.options).toEqual({ tags: ['kept'] })
  expect(submission.problems.map(({ header, code }) => [header, code])).toEqual([
    ['X-Mailgun-Tga', 'unknown-header'],
    ['X-Mailgun-Variables', 'unreadable-value'],
  ])
})

test('keeps header fields as received, unfolded, in order', async () => {
  const submission = await receive(
    'From nobody Mon Nov 23 2026\r\nFrom: =?UTF-8?Q?Zo=C3=AB?= <a@b.c>\r\nSubject: two\r\n  words\r\nMessage-ID: <x@y>\r\nX-Twice: 1\r\nx-twice: 2\r\n\r\nSubject: body\r\n',
  )

  expect(submission.headers).toEqual([
    ['From', '=?UTF-8?Q?Zo=C3=AB?= <a@b.c>'],
    ['Subject', 'two  words'],
    ['Message-ID', '<x@y>'],
    ['X-Twice', '1'],
    ['x-twice', '2'],
  ])
  expect(submission).toMatchObject({
    from: 'Zoë <a@b.c>',
    subject: 'two  words',
    messageId: '<x@y>',
  })
})

test.each([
  ['no header', '\r\nbody\r\n'],
  ['no body', 'Subject: x\r\n'],
  ['no empty line', 'just words\r\nand more\r\n'],
  ['nothing at all', ''],
  [
    'bytes of no charset',
    Buffer.from([0xff, 0xfe, 0x3a, 0x20, 0x80, 0x0d, 0x0a, 0x0d, 0x0a, 0xff]),
  ],
  ['a boundary that never comes', 'Content-Type: multipart/mixed; boundary=x\r\n\r\nbody\r\n'],
  [
    'parts inside parts inside parts',
    Array.from(
      { length: 30 },
      (_, at) => `Content-Type: multipart/mixed; boundary=b${at}\r\n\r\n--b${at}\r\n`,
    ).join(''),
  ],
])('takes a message with %s', async (_, source) => {
  const submission = await receive(source)

  const [message] = submission.messages
  expect(message?.unreplaced).toEqual([])
  await expect(message?.load()).resolves.toHaveProperty('attachments')
})
