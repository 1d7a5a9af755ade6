import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createMailgunEmulator, type MailgunEmulator } from '../../src/index.ts'
import { RawClient } from '../clients/raw-client.ts'

const login = { user: 'postmaster@mg.example.com', pass: 'secret' }
const plain = Buffer.from(`\0${login.user}\0${login.pass}`).toString('base64')
const base64 = (text: string): string => Buffer.from(text).toString('base64')

const greeting = '220 Mailgun Influx ready\r\n'
const ehlo =
  '250-<id>\r\n250-AUTH PLAIN LOGIN\r\n250-SIZE 52428800\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250-PIPELINING\r\n250 STARTTLS\r\n'
const authenticated = '235 Authentication successful\r\n'
const goodbye = '221 See you later. Yours truly, Mailgun\r\n'

/** No more bytes, and the end of the connection. */
const hangsUp = ''

/** What the client says, and every byte of the answer. */
type Transcript = readonly (readonly [client: string, server: string])[]

const transcripts: Readonly<Record<string, Transcript>> = {
  'an unauthenticated session, as smtp-cli saw it': [
    ['EHLO localhost\r\n', ehlo],
    ['MAIL FROM:<a@mg.example.com>\r\n', '250 Sender address accepted\r\n'],
    ['RCPT TO:<ada@example.com>\r\n', '550 5.7.1 Relaying denied\r\n'],
    ['DATA\r\n', '503 RCPT command expected\r\n'],
    ['QUIT\r\n', goodbye],
    ['', hangsUp],
  ],
  'a message after AUTH PLAIN with an initial response': [
    ['EHLO localhost\r\n', ehlo],
    [`AUTH PLAIN ${plain}\r\n`, authenticated],
    [
      'MAIL FROM:<a@mg.example.com> SIZE=20 BODY=8BITMIME SMTPUTF8\r\n',
      '250 Sender address accepted\r\n',
    ],
    ['RCPT TO:<ada@example.com>\r\n', '250 Recipient address accepted\r\n'],
    ['DATA\r\n', '354 Continue\r\n'],
    ['Subject: hi\r\n\r\nbody\r\n.\r\n', '250 Great success\r\n'],
    ['QUIT\r\n', goodbye],
    ['', hangsUp],
  ],
  'AUTH PLAIN without an initial response': [
    ['EHLO localhost\r\n', ehlo],
    ['AUTH PLAIN\r\n', '334 Go ahead\r\n'],
    [`${plain}\r\n`, authenticated],
  ],
  'AUTH LOGIN': [
    ['EHLO localhost\r\n', ehlo],
    ['AUTH LOGIN\r\n', '334 VXNlcm5hbWU6\r\n'],
    [`${base64(login.user)}\r\n`, '334 UGFzc3dvcmQ6\r\n'],
    [`${base64(login.pass)}\r\n`, authenticated],
  ],
  'AUTH LOGIN with the login at once': [
    ['EHLO localhost\r\n', ehlo],
    [`auth login ${base64(login.user)}\r\n`, '334 UGFzc3dvcmQ6\r\n'],
    [`${base64(login.pass)}\r\n`, authenticated],
  ],
  'a wrong password, and the hang-up': [
    ['EHLO localhost\r\n', ehlo],
    [
      `AUTH PLAIN ${base64('\0postmaster@mg.example.com\0wrong')}\r\n`,
      '535 Authentication failed\r\n',
    ],
    ['', hangsUp],
  ],
  'a wrong password by LOGIN, and the hang-up': [
    ['EHLO localhost\r\n', ehlo],
    ['AUTH LOGIN\r\n', '334 VXNlcm5hbWU6\r\n'],
    [`${base64('nobody@mg.example.com')}\r\n`, '334 UGFzc3dvcmQ6\r\n'],
    [`${base64(login.pass)}\r\n`, '535 Authentication failed\r\n'],
    ['', hangsUp],
  ],
  'a response that is not base64, and the hang-up': [
    ['EHLO localhost\r\n', ehlo],
    ['AUTH PLAIN\r\n', '334 Go ahead\r\n'],
    ['%%%\r\n', '501 Invalid response encoding\r\n535 Authentication failed\r\n'],
    ['', hangsUp],
  ],
  'an exchange that the client gives up': [
    ['EHLO localhost\r\n', ehlo],
    ['AUTH LOGIN\r\n', '334 VXNlcm5hbWU6\r\n'],
    ['*\r\n', '501 Syntax error in parameters or arguments\r\n'],
    [`AUTH PLAIN ${plain}\r\n`, authenticated],
    [`AUTH PLAIN ${plain}\r\n`, '503 Bad sequence of commands\r\n'],
  ],
  'a mechanism Mailgun does not offer': [
    ['EHLO localhost\r\n', ehlo],
    ['AUTH CRAM-MD5\r\n', '504 Unrecognized authentication type\r\n'],
  ],
  'HELO and EHLO without a name, and AUTH after HELO': [
    ['EHLO\r\n', ehlo],
    ['HELO\r\n', '250 <id>\r\n'],
    ['HELO localhost\r\n', '250 <id>\r\n'],
    [`AUTH PLAIN ${plain}\r\n`, authenticated],
  ],
  'addresses without angle brackets, and lines that end in LF': [
    ['HELO\n', '250 <id>\r\n'],
    [`AUTH PLAIN ${plain}\n`, authenticated],
    ['MAIL FROM: a@mg.example.com\n', '250 Sender address accepted\r\n'],
    ['RCPT TO: ada@example.com\r\n', '250 Recipient address accepted\r\n'],
    ['DATA\n', '354 Continue\r\n'],
    ['Subject: hi\n\nbody\n.\nstill\n\r\n.\r\n', '250 Great success\r\n'],
  ],
  'addresses that cannot be parsed': [
    ['EHLO localhost\r\n', ehlo],
    [`AUTH PLAIN ${plain}\r\n`, authenticated],
    ['MAIL FROM:<a@@b>\r\n', '501 Invalid command or cannot parse from address\r\n'],
    ['MAIL TO:<a@b>\r\n', '501 Invalid command or cannot parse from address\r\n'],
    ['MAIL FROM:<>\r\n', '250 Sender address accepted\r\n'],
    ['RCPT TO:<>\r\n', '501 Invalid command or cannot parse to address\r\n'],
    ['RCPT TO:<ada>\r\n', '501 Invalid command or cannot parse to address\r\n'],
    ['RCPT TO:<a@b.c>, <d@e.f>\r\n', '501 Invalid command or cannot parse to address\r\n'],
    ['RCPT TO:Ada <ada@example.com>\r\n', '501 Invalid command or cannot parse to address\r\n'],
    ['RCPT TO:<"a>b"@example.com>\r\n', '250 Recipient address accepted\r\n'],
  ],
  'parameters beyond what EHLO offers': [
    ['EHLO localhost\r\n', ehlo],
    [`AUTH PLAIN ${plain}\r\n`, authenticated],
    [
      'MAIL FROM:<a@b.c> SIZE=52428801\r\n',
      '552 Message size exceeds fixed maximum message size\r\n',
    ],
    [
      'MAIL FROM:<a@b.c> RET=HDRS\r\n',
      '555 MAIL FROM/RCPT TO parameters not recognized or not implemented\r\n',
    ],
    ['MAIL FROM:<a@b.c> AUTH=<>\r\n', '250 Sender address accepted\r\n'],
    [
      'RCPT TO:<d@e.f> NOTIFY=NEVER\r\n',
      '555 MAIL FROM/RCPT TO parameters not recognized or not implemented\r\n',
    ],
  ],
  'commands out of order': [
    ['MAIL FROM:<a@b.c>\r\n', '503 Bad sequence of commands\r\n'],
    ['EHLO localhost\r\n', ehlo],
    ['RCPT TO:<a@b.c>\r\n', '503 Bad sequence of commands\r\n'],
    ['DATA\r\n', '503 RCPT command expected\r\n'],
    ['MAIL FROM:<a@b.c>\r\n', '250 Sender address accepted\r\n'],
    ['MAIL FROM:<a@b.c>\r\n', '503 Bad sequence of commands\r\n'],
    ['RSET\r\n', '250 OK\r\n'],
    ['MAIL FROM:<a@b.c>\r\n', '250 Sender address accepted\r\n'],
  ],
  'the other verbs': [
    ['NOOP\r\n', '250 OK\r\n'],
    ['VRFY ada\r\n', '252 Cannot VRFY user, but will accept message and attempt delivery\r\n'],
    [
      'HELP\r\n',
      '214 Commands: AUTH DATA EHLO HELO HELP MAIL NOOP QUIT RCPT RSET STARTTLS VRFY\r\n',
    ],
    ['BDAT 12 LAST\r\n', '500 Syntax error, command unrecognized\r\n'],
    ['\r\n', '500 Syntax error, command unrecognized\r\n'],
    ['constructor\r\n', '500 Syntax error, command unrecognized\r\n'],
    ['STARTTLS now\r\n', '501 Syntax error (no parameters allowed)\r\n'],
  ],
  'a whole message in one write, answered in order': [
    [
      `EHLO localhost\r\nAUTH PLAIN ${plain}\r\nMAIL FROM:<a@b.c>\r\nRCPT TO:<d@e.f>\r\nRCPT TO:<bad>\r\nDATA\r\nSubject: x\r\n\r\ny\r\n.\r\nQUIT\r\n`,
      `${ehlo}${authenticated}250 Sender address accepted\r\n250 Recipient address accepted\r\n501 Invalid command or cannot parse to address\r\n354 Continue\r\n250 Great success\r\n${goodbye}`,
    ],
    ['', hangsUp],
  ],
  'a pipelined DATA when every recipient was refused': [
    [`EHLO localhost\r\nAUTH PLAIN ${plain}\r\n`, ehlo + authenticated],
    [
      'MAIL FROM:<a@b.c>\r\nRCPT TO:<bad>\r\nDATA\r\n',
      '250 Sender address accepted\r\n501 Invalid command or cannot parse to address\r\n503 RCPT command expected\r\n',
    ],
    ['RSET\r\n', '250 OK\r\n'],
  ],
  'a line of more than 16 KB': [
    [`NOOP ${'x'.repeat(20_000)}\r\n`, '500 Line too long\r\n'],
    ['NOOP\r\n', '250 OK\r\n'],
  ],
}

describe('speaks as Mailgun, byte for byte', () => {
  let emulator: MailgunEmulator
  beforeAll(async () => {
    emulator = await createMailgunEmulator({ credentials: [login], httpPort: false })
  })
  afterAll(() => emulator.close())

  test.each(Object.entries(transcripts))('%s', async (_, transcript) => {
    const client = await RawClient.connect(emulator)
    expect(await client.lines(1)).toBe(greeting)

    for (const [said, expected] of transcript) {
      client.send(said)
      const received = await (expected === hangsUp
        ? client.untilEnd()
        : client.lines(expected.split('\n').length - 1))
      expect(received.replace(/(?<=250[- ])[0-9a-f]{12}(?=\r)/g, '<id>')).toBe(expected)
    }
    client.close()
  })

  test('takes 1,000 recipients and no more', async () => {
    const client = await RawClient.connect(emulator)
    client.send(`EHLO x\r\nAUTH PLAIN ${plain}\r\nMAIL FROM:<a@b.c>\r\n`)
    await client.until('accepted\r\n')

    client.send('RCPT TO:<d@e.f>\r\n'.repeat(1_001))

    const replies = (await client.until('452 Too many recipients\r\n')).split('\r\n')
    expect(replies.slice(0, 1_000)).toEqual(Array(1_000).fill('250 Recipient address accepted'))
    client.close()
  })

  test('hangs up on a client that talks on and never logs in', async () => {
    const client = await RawClient.connect(emulator)

    client.send('NOOP\r\n'.repeat(200))

    const replies = (await client.untilEnd()).trim().split('\r\n')
    expect(replies).toHaveLength(102)
    expect(replies.at(-1)).toBe('421 Service not available, closing transmission channel')
  })
})
