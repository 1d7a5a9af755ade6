import { expect, test } from 'vitest'
import { createMailer, type MailgunMessage } from '../../src/index.ts'
import { createOutbox } from '../../src/testing.ts'

const letter = { from: 'shop@mg.example.com', to: 'ada@example.com', subject: 'News', text: 'Hi' }

async function listFieldsOf(fields: object): Promise<(readonly [string, string])[]> {
  const outbox = createOutbox()
  const mailer = createMailer(outbox.transporter)
  await mailer.send({ ...letter, ...fields } as MailgunMessage)
  await mailer.close()
  return (outbox.messages[0]?.headers ?? []).filter(([name]) => /^list-/i.test(name))
}

test.each<readonly [string, object, string]>([
  [
    'several addresses are one field, in the order given (RFC 2369 §2)',
    { unsubscribe: ['https://example.com/u', 'mailto:leave@example.com'] },
    '<https://example.com/u>, <mailto:leave@example.com>',
  ],
  [
    'a nested list is the same field',
    { unsubscribe: [['https://example.com/u', 'leave@example.com']] },
    '<https://example.com/u>, <mailto:leave@example.com>',
  ],
  [
    "Mailgun's placeholder is kept whole",
    { unsubscribe: '%unsubscribe_url%' },
    '<%unsubscribe_url%>',
  ],
  [
    'so is its address',
    { unsubscribe: ['%recipient.u%', '%tag_unsubscribe_email%'] },
    '<%recipient.u%>, <%tag_unsubscribe_email%>',
  ],
  [
    'a placeholder within a URL stays',
    { unsubscribe: 'https://example.com/u/%recipient.token%' },
    '<https://example.com/u/%recipient.token%>',
  ],
  [
    'a URL is written in ASCII',
    { unsubscribe: 'https://bücher.example/größe?q=ü' },
    '<https://xn--bcher-kva.example/gr%C3%B6%C3%9Fe?q=%C3%BC>',
  ],
  [
    'a comment follows its address',
    { unsubscribe: { url: 'https://example.com/u', comment: 'One (click)' } },
    '<https://example.com/u> (One \\(click\\))',
  ],
])('list.unsubscribe: %s', async (_promise, list, value) => {
  expect(await listFieldsOf({ list })).toEqual([['List-Unsubscribe', value]])
})

test('list and headers give one List-Unsubscribe, the header first', async () => {
  const fields = await listFieldsOf({
    headers: { 'list-unsubscribe': '<mailto:leave@example.com>' },
    list: { unsubscribe: 'https://example.com/u' },
  })

  expect(fields).toEqual([
    ['List-Unsubscribe', '<mailto:leave@example.com>, <https://example.com/u>'],
  ])
})

test('List-Unsubscribe-Post is written as RFC 8058 has it', async () => {
  const list = { 'unsubscribe-post': 'List-Unsubscribe=One-Click' }

  expect(await listFieldsOf({ list })).toEqual([
    ['List-Unsubscribe-Post', 'List-Unsubscribe=One-Click'],
  ])
})

test('List-ID and List-Post have the forms of their own', async () => {
  const list = { id: { url: 'news.example.com', comment: 'Grüße' }, post: 'NO' }

  expect(Object.fromEntries(await listFieldsOf({ list }))).toEqual({
    'List-ID': '=?UTF-8?B?R3LDvMOfZQ==?= <news.example.com>',
    'List-Post': 'NO',
  })
})

test.each<readonly [string, object]>([
  ['list.unsubscrib', { unsubscrib: 'https://example.com' }],
  ['list.unsubscribe', { unsubscribe: 'https://a.example> , <https://evil.example' }],
  ['list.help', { help: 'https://a.example\r\nBcc: canary@example.com' }],
  ['list.help', { help: { url: 7 } }],
])('%s that no field can hold is refused: %#', async (path, list) => {
  await expect(listFieldsOf({ list })).rejects.toMatchObject({ path })
})
