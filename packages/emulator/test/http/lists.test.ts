import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createEmulatorClient } from '../../src/client/index.ts'
import { createMailgunEmulator, type MailgunEmulator } from '../../src/index.ts'
import { ask } from '../clients/json.ts'
import { openMailClient, type MailClient } from '../clients/mail-client.ts'

let emulator: MailgunEmulator
let transporter: MailClient
beforeEach(async () => {
  emulator = await createMailgunEmulator({ retention: { messages: 30 } })
  transporter = openMailClient(emulator)
})
afterEach(async () => {
  transporter.close()
  await emulator.close()
})

type Mail = Parameters<MailClient['sendMail']>[0]

async function send(mail: Mail): Promise<string> {
  await transporter.sendMail({ from: 'Shop <shop@mg.example.com>', to: 'ada@example.com', ...mail })
  return emulator.submissions.at(-1)?.id ?? ''
}

interface List {
  readonly submissions: readonly { readonly id: string; readonly subject: string }[]
  readonly next: string | null
  readonly matching: number
  readonly total: number
  readonly unread: number
  readonly forgotten: number
}

async function list(query = ''): Promise<List> {
  return (await ask(emulator, 'GET', `/submissions${query}`)).body as List
}

async function found(search: string): Promise<readonly string[]> {
  const { submissions } = await list(`?q=${encodeURIComponent(search)}`)
  return submissions.map(({ subject }) => subject).toReversed()
}

describe('the list of submissions', () => {
  test('comes in pages, and tells what had to make room', async () => {
    for (let at = 1; at <= 32; at++) await send({ subject: `#${at}`, text: 'x' })

    const first = await list('?limit=20')
    expect(first.submissions.map(({ subject }) => subject).slice(0, 2)).toEqual(['#32', '#31'])
    expect(first).toMatchObject({ matching: 30, total: 30, unread: 30, forgotten: 2 })
    const second = await list(`?limit=20&before=${first.next}`)
    expect(second.submissions).toHaveLength(10)
    expect(second.submissions.at(-1)?.subject).toBe('#3')
    expect(second.next).toBeNull()
    expect(await createEmulatorClient(emulator.httpUrl ?? '').submissions()).toHaveLength(30)
    emulator.reset()
    expect(await list()).toMatchObject({ total: 0, forgotten: 0 })
  })

  test.each([
    ['?limit=0', 'limit is a whole number, 1 to 1000.'],
    ['?before=gone', "before: 'gone' is not in the list, or no longer."],
    ['?recipient=x', "There is no parameter 'recipient' here; there is q, limit, before."],
    ['?q=is:lost', 'There is no is:lost; there is unread, read, batch,'],
    ['?q=has:wings', 'There is no has:wings; there is attachment,'],
  ])('refuses %s', async (query, sentence) => {
    expect(await ask(emulator, 'GET', `/submissions${query}`)).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining(sentence) as unknown },
    })
  })

  test.each(['/messages?recipient=x', '/ledger?to=x', '/sessions?x=1', '/info?x=1'])(
    'is like the others: GET %s refuses a parameter that it does not know',
    async (path) => {
      expect(await ask(emulator, 'GET', path)).toMatchObject({
        status: 400,
        body: { message: expect.stringMatching(/^There is no parameter '/) as unknown },
      })
    },
  )
})

describe('a search', () => {
  beforeEach(async () => {
    await send({
      subject: 'Welcome',
      text: 'Press the Button',
      headers: { 'X-Mailgun-Tag': 'signup' },
    })
    await send({
      subject: 'Order',
      html: '<p>Thank <b>you</b></p>',
      attachments: [{ filename: 'a.pdf', content: 'x' }],
    })
    await send({
      subject: 'Hi %recipient.first%',
      text: 'x',
      cc: 'bo@example.com',
      replyTo: 'help@example.com',
      headers: { 'X-Mailgun-Drop-Message': 'yes', 'X-Mailgun-Unheard-Of': 'x' },
    })
  })

  test.each([
    ['press the button', ['Welcome']],
    ['"the button"', ['Welcome']],
    ['body:thank', ['Order']],
    ['subject:button', []],
    ['tag:sign', ['Welcome']],
    ['-tag:signup', ['Order', 'Hi %recipient.first%']],
    ['has:attachment', ['Order']],
    ['-has:attachment -is:test', ['Welcome']],
    ['has:html', ['Order']],
    ['has:unreplaced', ['Hi %recipient.first%']],
    ['to:bo@', ['Hi %recipient.first%']],
    ['from:help@', ['Hi %recipient.first%']],
    ['is:test is:problem', ['Hi %recipient.first%']],
    ['is:unread', ['Welcome', 'Order', 'Hi %recipient.first%']],
    ['nothing like it', []],
  ])('for %s finds %j', async (search, subjects) => {
    expect(await found(search)).toEqual(subjects)
  })

  test('knows what a reader has seen, which outlives the page', async () => {
    const [, order] = emulator.submissions
    const path = `/submissions/${order?.id}`

    expect((await ask(emulator, 'PUT', path, { read: true })).status).toBe(204)
    expect(await found('is:unread')).toEqual(['Welcome', 'Hi %recipient.first%'])
    expect(await found('is:read')).toEqual(['Order'])
    expect(await list()).toMatchObject({ unread: 2 })
    expect((await ask(emulator, 'PUT', path, { read: false })).status).toBe(204)
    expect(await found('is:read')).toEqual([])
    expect((await ask(emulator, 'PUT', path, { seen: 1 })).status).toBe(400)
  })
})

test('a submission can be deleted alone, by the API, the client and in the process', async () => {
  const ids = [
    await send({ subject: '1' }),
    await send({ subject: '2' }),
    await send({ subject: '3' }),
  ]
  await send({ subject: '4' })
  const client = createEmulatorClient(emulator.httpUrl ?? '')

  expect((await ask(emulator, 'DELETE', `/submissions/${ids[0]}`)).status).toBe(204)
  expect((await ask(emulator, 'DELETE', `/submissions/${ids[0]}`)).status).toBe(404)
  await client.delete(ids[1] ?? '')
  expect(emulator.delete(ids[2] ?? '')).toBe(true)
  expect(emulator.delete('gone')).toBe(false)

  expect(emulator.submissions.map(({ subject }) => subject)).toEqual(['4'])
})

describe('an address in a query', () => {
  test('keeps its plus sign', async () => {
    await send({ to: 'ada+signup@example.com', subject: 'Plus' })

    for (const path of ['/wait?to=ada+signup@example.com', '/wait?to=ada%2Bsignup@example.com']) {
      expect(await ask(emulator, 'GET', path)).toMatchObject({ status: 200 })
    }
    const { body } = await ask(emulator, 'GET', '/messages?to=ada+signup@example.com')
    expect(body).toMatchObject({ messages: [{ subject: 'Plus' }], matching: 1, next: null })
    expect(
      (await ask(emulator, 'GET', '/ledger?recipient=ada+signup@example.com')).body,
    ).toMatchObject({
      count: 1,
    })
  })
})

describe('GET /wait with after', () => {
  test('gives the next message to an address, by an id or by a time', async () => {
    await send({ subject: 'First' })
    const first = (await ask(emulator, 'GET', '/wait')).body as { id: string; date: string }
    const waiting = ask(emulator, 'GET', `/wait?after=${first.id}&timeout=20000`)
    const second = await send({ subject: 'Second' })
    await send({ subject: 'Third' })

    expect((await waiting).body).toMatchObject({ subject: 'Second' })
    expect((await ask(emulator, 'GET', `/wait?after=${second}`)).body).toMatchObject({
      subject: 'Third',
    })
    expect((await ask(emulator, 'GET', '/wait?after=2026-01-01T00:00:00Z')).body).toMatchObject({
      subject: 'First',
    })
    const client = createEmulatorClient(emulator.httpUrl ?? '')
    expect((await client.waitFor({}, { after: first.id })).subject).toBe('Second')
    expect((await ask(emulator, 'GET', '/wait?after=gone')).status).toBe(400)
  })
})

test('a submission tells its Cc, its Reply-To and whom it is hidden from', async () => {
  const id = await send({
    cc: 'Bo <bo@example.com>',
    bcc: 'eve@example.com',
    replyTo: 'help@example.com',
    text: 'Dear Ada',
  })

  expect((await ask(emulator, 'GET', `/submissions/${id}`)).body).toMatchObject({
    cc: 'Bo <bo@example.com>',
    replyTo: 'help@example.com',
    bcc: ['eve@example.com'],
    snippet: 'Dear Ada',
    attachmentCount: 0,
    copies: [
      { recipient: 'ada@example.com' },
      { recipient: 'bo@example.com' },
      { recipient: 'eve@example.com' },
    ],
  })
})
