import type { SendMailOptions } from 'nodemailer'
import PostalMime from 'postal-mime'
import { afterEach, beforeAll, afterAll, describe, expect, test } from 'vitest'
import { createMailgunEmulator, type MailgunEmulator, type Message } from '../../src/index.ts'
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

type Variables = Readonly<Record<string, unknown>>

/** Sends one message to the keys of the variables, or to `to`, and returns the copies. */
async function send(
  variables: Variables | undefined,
  mail: SendMailOptions,
  to: readonly string[] = Object.keys(variables ?? {}),
): Promise<readonly Message[]> {
  const value = JSON.stringify(variables)
  await transporter.sendMail({
    from: 'Shop <shop@mg.example.com>',
    to: { name: '', address: '%recipient_email%' },
    envelope: { from: 'shop@mg.example.com', to: [...to] },
    subject: 'Hello',
    ...mail,
    headers: {
      ...(mail.headers as object),
      ...(variables && { 'X-Mailgun-Recipient-Variables': { prepared: true, value } }),
    },
  })
  return emulator.submissions.at(-1)?.messages ?? []
}

function copy(messages: readonly Message[], recipient: string): Message {
  const found = messages.find((message) => message.recipient === recipient)
  if (!found) throw new Error('no such copy')
  return found
}

const people = {
  'ada@example.com': { first: 'Ada', id: 1, vip: true },
  'zoe@example.com': { first: 'Zoë ✿', id: 2, vip: false },
}

describe('a message with recipient variables', () => {
  test('becomes a copy for each recipient, addressed to that recipient alone', async () => {
    const copies = await send(people, {
      subject: 'Hi %recipient.first%',
      text: '%recipient.first% %recipient.id% %recipient.vip%\n',
      html: '<b>%recipient.first%</b> <a href="https://x.test/?to=%recipient_email%">x</a>',
    })

    expect(copies.map(({ recipient, to, subject }) => [recipient, to, subject])).toEqual([
      ['ada@example.com', 'ada@example.com', 'Hi Ada'],
      ['zoe@example.com', 'zoe@example.com', 'Hi Zoë ✿'],
    ])
    const content = await copy(copies, 'zoe@example.com').load()
    expect(content.text.trim()).toBe('Zoë ✿ 2 false')
    expect(content.html?.trim()).toBe(
      '<b>Zoë ✿</b> <a href="https://x.test/?to=zoe@example.com">x</a>',
    )
    expect(copy(copies, 'zoe@example.com').variables).toEqual(people['zoe@example.com'])
    expect(copies.flatMap(({ unreplaced }) => unreplaced)).toEqual([])
  })

  test('has placeholders filled in that a soft line break had cut', async () => {
    const text = `${'x'.repeat(68)}%recipient.first% ö`
    const copies = await send(people, { text, textEncoding: 'quoted-printable' })
    expect(emulator.submissions[0]?.raw.toString()).toMatch(/%[a-z]+=\r\n[a-z.]+%/)

    const { text: read } = await copy(copies, 'ada@example.com').load()

    expect(read.trim()).toBe(`${'x'.repeat(68)}Ada ö`)
  })

  test('has them filled in inside base64, and in a body without any encoding', async () => {
    const text = 'Dear %recipient.first%,\r\n.and a dot\r\n'
    const encoded = await send(people, { text, textEncoding: 'base64' })
    const bare = await send(people, { text })

    for (const copies of [encoded, bare]) {
      const { text: read } = await copy(copies, 'zoe@example.com').load()
      expect(read.trim()).toBe('Dear Zoë ✿,\n.and a dot')
    }
  })

  test('has them filled in inside an old charset, where the value does not exist', async () => {
    const raw = Buffer.concat([
      Buffer.from(
        'From: a@mg.example.com\r\nX-Mailgun-Recipient-Variables: {"zoe@example.com":{"first":"✿"}}\r\nContent-Type: text/plain; charset=iso-8859-1; format=flowed\r\nContent-Transfer-Encoding: 8bit\r\n\r\n',
      ),
      Buffer.from('Gr\xfc\xdfe, %recipient.first%\r\n', 'latin1'),
    ])
    const copies = await send(undefined, { raw }, ['zoe@example.com'])

    const [message] = copies
    const { text } = (await message?.load()) ?? {}

    expect(text?.trim()).toBe('Grüße, ✿')
    expect(message?.raw.toString()).toContain(
      'Content-Type: text/plain; format=flowed; charset=utf-8\r\n',
    )
  })

  test('keeps its files and its other bytes as they are', async () => {
    const file = Buffer.from('id,name\r\n1,%recipient.first%\r\n')
    const copies = await send(people, {
      text: 'Hi %recipient.first%',
      html: '<img src="cid:logo"> no placeholder here: 100%recipient',
      attachments: [
        { filename: 'list.csv', content: file },
        { filename: 'logo.png', cid: 'logo', content: Buffer.from([0, 255, 13, 10]) },
      ],
    })

    const message = copy(copies, 'ada@example.com')
    const { attachments } = await message.load()

    expect(
      attachments.map(({ filename, contentId, content }) => [filename, contentId, content]),
    ).toEqual(
      expect.arrayContaining([
        ['list.csv', undefined, file],
        ['logo.png', 'logo', Buffer.from([0, 255, 13, 10])],
      ]),
    )
    const html = message.submission.raw.toString().match(/Content-Type: text\/html[^]*?\r\n--/)?.[0]
    expect(message.raw.toString()).toContain(html)
  })

  test('has its own source, in which any reader finds the same', async () => {
    const [ada] = await send(people, {
      subject: 'Grüße %recipient.first%, %recipient.first%, %recipient.first%, %recipient.first%',
      replyTo: '"%recipient.first%" <reply+%recipient.id%@mg.example.com>',
      text: 'für %recipient.first%',
      headers: {
        'X-Mailgun-Variables': { prepared: true, value: '{"to":\r\n "%recipient.first%"}' },
      },
    })

    const email = await PostalMime.parse(ada?.raw ?? '')

    expect(email.subject).toBe('Grüße Ada, Ada, Ada, Ada')
    expect(email.to).toEqual([{ name: '', address: 'ada@example.com' }])
    expect(email.replyTo).toEqual([{ name: 'Ada', address: 'reply+1@mg.example.com' }])
    expect(email.text?.trim()).toBe('für Ada')
    expect(email.headers.find(({ key }) => key === 'x-mailgun-variables')?.value).toBe(
      '{"to": "Ada"}',
    )
    expect(email.headers.map(({ key }) => key)).not.toContain('x-mailgun-recipient-variables')
    expect(ada?.headers.map(([name]) => name.toLowerCase()).toSorted()).toEqual(
      email.headers.map(({ key }) => key).toSorted(),
    )
  })

  test('is split by empty variables too', async () => {
    const copies = await send({}, { to: 'ada@example.com, bob@example.com', text: 'Hi' }, [
      'ada@example.com',
      'bob@example.com',
    ])

    expect(copies.map(({ to }) => to)).toEqual(['ada@example.com', 'bob@example.com'])
  })

  test('names the recipient as To does', async () => {
    const people = { 'ada@example.com': { full: 'Ada King' }, 'bob@example.com': {} }
    const text = '%recipient%|%recipient_name%|%recipient_fname%|%recipient_lname%'
    const named = await send(people, {
      to: [{ name: 'Ada Lovelace', address: 'ada@example.com' }, 'bob@example.com'],
      text,
    })
    const byVariable = await send(people, {
      to: { name: '%recipient.full%', address: '%recipient_email%' },
      text,
    })

    const texts = await Promise.all(
      [...named, ...byVariable].map(async (message) => (await message.load()).text.trim()),
    )
    expect(texts).toEqual([
      'Ada Lovelace <ada@example.com>|Ada Lovelace|Ada|Lovelace',
      'bob@example.com|||',
      'Ada King <ada@example.com>|Ada King|Ada|King',
      '"%recipient.full%" <bob@example.com>|%recipient.full%|%recipient.full%|',
    ])
    expect(copy(named, 'ada@example.com').to).toBe('Ada Lovelace <ada@example.com>')
  })

  test.each(['To: %recipient%\r\n', 'To: <%recipient%>\r\n', ''])(
    'gets its To whatever was there: %j',
    async (to) => {
      const raw = `From: a@mg.example.com\r\n${to}X-Mailgun-Recipient-Variables: {}\r\n\r\nHi`

      const [message] = await send(undefined, { raw }, ['ada@example.com'])

      expect(message?.to).toBe('ada@example.com')
      expect(message?.raw.toString()).toContain('\r\nTo: ada@example.com\r\n')
    },
  )
})

describe('a placeholder that nothing is put in place of', () => {
  test('stays, and is listed once', async () => {
    const copies = await send(
      { 'ada@example.com': { nested: { a: 1 }, empty: '' } },
      {
        subject: '%recipient.missing%',
        text: '%recipient.missing% %recipient.nested% %recipient.nested.a% [%recipient.empty%] %recipient.constructor% %recipient.__proto__% %unsubscribe_url%',
      },
    )

    expect(copies[0]?.unreplaced).toEqual([
      '%recipient.missing%',
      '%recipient.nested%',
      '%recipient.nested.a%',
      '%recipient.constructor%',
      '%recipient.__proto__%',
    ])
    expect((await copies[0]?.load())?.text).toContain('[] %recipient.constructor%')
  })

  test('is listed for a recipient without an entry', async () => {
    const copies = await send(
      { 'ada@example.com': { first: 'Ada' } },
      { text: '%recipient.first%' },
      ['ada@EXAMPLE.com', 'Ada@example.com'],
    )

    expect(copies.map(({ unreplaced }) => unreplaced)).toEqual([[], ['%recipient.first%']])
  })

  test('is listed where a message has no recipient variables at all, and is one for all', async () => {
    const copies = await send(undefined, { text: 'Hi %recipient_name%' }, [
      'ada@example.com',
      'bob@example.com',
    ])

    expect(copies.map(({ unreplaced }) => unreplaced)).toEqual([
      ['%recipient_email%', '%recipient_name%'],
      ['%recipient_email%', '%recipient_name%'],
    ])
    expect(copies[0]?.raw.toString()).toMatch(
      /^DKIM-Signature: [^]*\r\nReceived: [^]*\r\nFrom: [^]*%recipient_name%/,
    )
    expect(await copies[0]?.load()).toBe(await copies[1]?.load())
  })
})

test('a value with line breaks makes no header of its own', async () => {
  const copies = await send(
    { 'ada@example.com': { first: 'Ada\r\nBcc: eve@example.com\r\n\r\nbody' } },
    {
      subject: 'Hi %recipient.first%',
      to: { name: '%recipient.first%', address: '%recipient_email%' },
    },
  )

  const email = await PostalMime.parse(copies[0]?.raw ?? '')

  expect(email.bcc).toBeUndefined()
  expect(email.subject).toBe('Hi Ada Bcc: eve@example.com body')
  expect(email.to?.[0]?.address).toBe('ada@example.com')
})

test('a thousand copies are told apart in no time', async () => {
  const variables = Object.fromEntries(
    Array.from({ length: 1_000 }, (_, at) => [`p${at}@example.com`, { n: at }]),
  )

  const copies = await send(variables, { subject: '#%recipient.n%', text: 'No %recipient.n%' })

  expect(copies.map(({ subject }) => subject)).toEqual(copies.map((_, at) => `#${at}`))
  expect((await emulator.waitFor({ to: 'p777@example.com' })).subject).toBe('#777')
})
