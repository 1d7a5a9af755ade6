import { expect, test } from 'vitest'
import { createMailer, lint, type MailgunMessage } from '../../src/index.ts'
import { createOutbox, type OutboxMessage } from '../../src/testing.ts'

const letter = { from: 'shop@mg.example.com', subject: 'News', text: 'Hi %recipient.n%' }

async function sent(fields: object, defaults = {}): Promise<OutboxMessage> {
  const outbox = createOutbox()
  Object.assign(outbox.transporter._defaults, defaults)
  await using mailer = createMailer(outbox.transporter)
  await mailer.send({ ...letter, ...fields } as MailgunMessage)
  const [message] = outbox.messages
  if (!message) throw new Error('Nothing was sent.')
  return message
}

const ada = 'ada@example.com'

function to(message: OutboxMessage): string | undefined {
  return message.headers.find(([name]) => name === 'To')?.[1]
}

test.each([
  'Ada Lovelace <ada@example.com>',
  '"Lovelace, Ada" <ada@example.com>',
  '"Ada \\"A\\"" <ada@example.com>',
])('the name of %s travels to the To field of its own copy', async (recipient) => {
  const message = await sent({
    to: [recipient, 'bob@example.com'],
    mailgun: { recipientVariables: { [ada]: { n: 1 }, 'bob@example.com': { n: 2 } } },
  })

  expect(to(message)).toBe('"%recipient.recipient_name%" <%recipient_email%>')
  expect(message.options.recipientVariables).toEqual({
    [ada]: {
      n: 1,
      recipient_name: recipient.includes('"A')
        ? 'Ada A'
        : recipient.includes(',')
          ? 'Lovelace, Ada'
          : 'Ada Lovelace',
    },
    'bob@example.com': { n: 2, recipient_name: '' },
  })
  expect(message.envelope.to).toEqual([ada, 'bob@example.com'])
})

test('a batch takes names, and a recipient without one has none', async () => {
  const outbox = createOutbox()
  await using mailer = createMailer(outbox.transporter)

  await mailer.sendBatch(letter, [
    { to: 'Ada Lovelace <ada@example.com>', variables: { n: 1 } },
    { to: { name: 'Bob', address: 'bob@bücher.example' }, variables: { n: 2 } },
    { to: 'eve@example.com', variables: { n: 3 } },
  ])

  expect(outbox.messages[0]?.options.recipientVariables).toEqual({
    [ada]: { n: 1, recipient_name: 'Ada Lovelace' },
    'bob@xn--bcher-kva.example': { n: 2, recipient_name: 'Bob' },
    'eve@example.com': { n: 3, recipient_name: '' },
  })
})

test('without names, the To field is the address alone', async () => {
  const message = await sent({ to: ada, mailgun: { recipientVariables: { [ada]: { n: 1 } } } })

  expect(to(message)).toBe('<%recipient_email%>')
  expect(message.options.recipientVariables).toEqual({ [ada]: { n: 1 } })
})

test.each<readonly [string, string, string]>([
  ['ada@bücher.example', 'ada@bücher.example', 'ada@xn--bcher-kva.example'],
  ['ada@xn--bcher-kva.example', 'ada@bücher.example', 'ada@xn--bcher-kva.example'],
  ['Ada@Example.COM', 'Ada@Example.COM', 'Ada@example.com'],
  ['Ada@Example.COM', 'ada@example.com', 'ada@example.com'],
])('the key %s finds the recipient %s, as RCPT writes it', async (key, recipient, rcpt) => {
  const fields = { to: recipient, mailgun: { recipientVariables: { [key]: { n: 1 } } } }
  const message = await sent(fields)

  expect(Object.keys(message.options.recipientVariables ?? {})).toEqual([rcpt])
  expect(message.envelope.to).toEqual([rcpt])
  expect(lint({ ...letter, ...fields }).map(({ code }) => code)).toEqual([])
})

test('two keys of one recipient are refused', async () => {
  const recipientVariables = { 'ada@Example.com': { n: 1 }, [ada]: { n: 2 } }

  await expect(sent({ to: ada, mailgun: { recipientVariables } })).rejects.toMatchObject({
    path: 'recipientVariables[1]',
  })
})

const places: Readonly<Record<string, object>> = {
  subject: { subject: 'Hi %recipient.v%' },
  'an encoded subject': { subject: 'Grüße %recipient.v%' },
  headers: { headers: { 'X-Order': '%recipient.v%' } },
  "a part's headers": {
    attachments: [{ content: 'x', headers: { 'X-Order': '%recipient.v%' } }],
  },
  'a file name': { attachments: [{ content: 'x', filename: '%recipient.v%.pdf' }] },
}

test.each(Object.entries(places))(
  'a line break in a variable is refused in %s',
  async (_place, fields) => {
    for (const v of ['a\r\nBcc: evil@evil.example', 'a\nb', 'a\rb', 'a\0b']) {
      await expect(
        sent({ to: ada, ...fields, mailgun: { recipientVariables: { [ada]: { n: 1, v } } } }),
      ).rejects.toMatchObject({ path: 'recipientVariables[0].v' })
    }
  },
)

const addressPlaces: Readonly<Record<string, object>> = {
  from: { from: '%recipient.v% via Shop <shop@mg.example.com>' },
  replyTo: { replyTo: { name: '%recipient.v%', address: 'reply@example.com' } },
  'an encoded from': { from: 'Grüße %recipient.v% <shop@mg.example.com>' },
}

test.each(Object.entries(addressPlaces))(
  'what ends a name is refused in %s',
  async (_place, fields) => {
    for (const v of ['x <evil@evil.example>, y', 'a"b', 'a\\', 'a, b', 'a>', 'a\nb']) {
      await expect(
        sent({ to: ada, ...fields, mailgun: { recipientVariables: { [ada]: { n: 1, v } } } }),
      ).rejects.toMatchObject({ path: 'recipientVariables[0].v' })
    }
  },
)

test('the defaults are looked at, too, and a batch rejects the one recipient alone', async () => {
  const outbox = createOutbox()
  Object.assign(outbox.transporter._defaults, { from: '%recipient.v% <shop@mg.example.com>' })
  await using mailer = createMailer(outbox.transporter)

  const summary = await mailer.sendBatch({ subject: 'News', text: 'Hi' }, [
    { to: ada, variables: { v: 'Ada' } },
    { to: 'eve@example.com', variables: { v: 'x <evil@evil.example>' } },
  ])

  expect(summary).toMatchObject({ accepted: 1, rejected: 1 })
  expect(outbox.messages[0]?.envelope.to).toEqual([ada])
})

test('what no header field puts in may hold anything', async () => {
  const v = 'a\r\n"b" <c>, d'
  const message = await sent({
    to: ada,
    text: '%recipient.v%',
    mailgun: { recipientVariables: { [ada]: { n: 1, v } } },
  })

  expect(message.options.recipientVariables?.[ada]).toMatchObject({ v })
})

test.each([null, 'text', ['a']])(
  'variables that are not an object are refused by their path, beside a name too: %o',
  async (own) => {
    const recipientVariables = { [ada]: own, 'bob@example.com': { n: 2 } } as never

    await expect(
      sent({ to: ['Ada <ada@example.com>', 'bob@example.com'], mailgun: { recipientVariables } }),
    ).rejects.toMatchObject({ name: 'InvalidOptionError' })
  },
)
