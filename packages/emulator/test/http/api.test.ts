import type { SendMailOptions } from 'nodemailer'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { createMailgunEmulator, type MailgunEmulator, type Submission } from '../../src/index.ts'
import { openMailClient, type MailClient } from '../clients/mail-client.ts'

let emulator: MailgunEmulator
let transporter: MailClient
beforeAll(async () => {
  emulator = await createMailgunEmulator({ domains: ['mg.example.com', 'other.example.com'] })
  transporter = openMailClient(emulator)
})
afterEach(() => emulator.reset())
afterAll(async () => {
  transporter.close()
  await emulator.close()
})

async function send(mail: SendMailOptions): Promise<Submission> {
  const from = 'Shop <shop@mg.example.com>'
  const { messageId } = await transporter.sendMail({ from, to: 'ada@example.com', ...mail })
  return (await emulator.waitFor({ messageId, state: 'any' })).submission
}

function get(path: string, init?: RequestInit): Promise<Response> {
  return fetch(`${emulator.httpUrl}${path}`, init)
}

async function getJson(path: string): Promise<unknown> {
  const response = await get(path)
  expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8')
  return response.json()
}

const change = { 'content-type': 'application/json', 'x-mailgun-emulator': '1' }

describe('the JSON API', () => {
  test('tells where the emulator listens, and no password', async () => {
    const { host, port, securePort, httpUrl, credentials } = emulator

    const info = await getJson('/emulator/v1/info')

    expect(info).toEqual({
      version: expect.stringMatching(/^\d+\.\d+\.\d+/) as string,
      host,
      port,
      securePort,
      httpUrl,
      domains: ['mg.example.com', 'other.example.com'],
      user: credentials.user,
      directory: null,
      keeps: 1_000,
    })
  })

  test('lists submissions, newest first', async () => {
    const first = await send({ subject: 'Grüße', text: 'x' })
    const second = await send({
      envelope: { from: 'bounce@mg.example.com', to: ['a@b.c', 'd@e.f'] },
      subject: 'Batch',
      text: 'x',
      headers: {
        'X-Mailgun-Tag': ['one', 'two'],
        'X-Mailgun-Drop-Message': 'yes',
        'X-Mailgun-Deliver-By': 'Fri, 04 Dec 2026 09:00:00 +0100',
        'X-Mailgun-Recipient-Variables': { prepared: true, value: '{}' },
        'X-Mailgun-Unheard-Of': 'x',
      },
    })

    const list = await getJson('/emulator/v1/submissions')

    expect(list).toEqual({
      submissions: [
        {
          id: second.id,
          receivedAt: second.receivedAt.toISOString(),
          from: 'Shop <shop@mg.example.com>',
          to: 'ada@example.com',
          subject: 'Batch',
          envelope: { from: 'bounce@mg.example.com', to: ['a@b.c', 'd@e.f'] },
          messageId: second.messageId,
          size: second.raw.length,
          tags: ['one', 'two'],
          testMode: true,
          deliverBy: '2026-12-04T08:00:00.000Z',
          snippet: 'x',
          copyCount: 2,
          copies: 2,
          attachmentCount: 0,
          diagnosticCount: second.diagnostics.length,
          personalised: true,
          problems: 1,
          read: false,
        },
        expect.objectContaining({ id: first.id, subject: 'Grüße', deliverBy: null, problems: 0 }),
      ],
      next: null,
      matching: 2,
      total: 2,
      unread: 2,
      forgotten: 0,
    })
  })

  test('shows a submission with its options as received and as read', async () => {
    const value = '{"ada@example.com":\r\n {"first":"Ada"}}'
    const submission = await send({
      subject: 'Hi %recipient.first% %recipient.last%',
      text: 'x',
      headers: {
        'X-Mailgun-Track': 'no',
        'X-Mailgun-Deliver-Within': 'soon',
        'X-Mailgun-Recipient-Variables': { prepared: true, value },
      },
    })

    const shown = await getJson(`/emulator/v1/submissions/${submission.id}`)

    expect(shown).toMatchObject({
      id: submission.id,
      options: [
        {
          option: 'deliverWithin',
          header: 'X-Mailgun-Deliver-Within',
          received: ['soon'],
          value: null,
        },
        { option: 'track', header: 'X-Mailgun-Track', received: ['no'], value: false },
        {
          option: 'recipientVariables',
          header: 'X-Mailgun-Recipient-Variables',
          received: ['{"ada@example.com": {"first":"Ada"}}'],
          value: { 'ada@example.com': { first: 'Ada' } },
        },
      ],
      problems: [{ code: 'unreadable-value', option: 'deliverWithin' }],
      headers: expect.arrayContaining([['X-Mailgun-Track', 'no']]) as unknown,
      session: { secure: 'starttls', tls: 'TLSv1.3', user: 'postmaster@mg.example.com' },
      messages: [
        {
          id: `${submission.id}-1`,
          recipient: 'ada@example.com',
          to: 'ada@example.com',
          subject: 'Hi Ada %recipient.last%',
          variables: { first: 'Ada' },
          unreplaced: ['%recipient.last%'],
        },
      ],
    })
  })

  test('gives the source as received, and that of a copy', async () => {
    const submission = await send({ text: '.dot\r\n' })
    const [message] = submission.messages

    const sources = [
      [`submissions/${submission.id}`, submission.raw],
      [`messages/${message?.id}`, message?.raw],
    ] as const
    for (const [path, raw] of sources) {
      const response = await get(`/emulator/v1/${path}/raw`)
      expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8')
      expect(await response.text()).toBe(raw?.toString())
    }
  })

  test('finds messages by recipient, tag, subject and Message-ID', async () => {
    const one = await send({ to: 'a@b.c', subject: 'S', headers: { 'X-Mailgun-Tag': 'T' } })
    const two = await send({ to: 'a@b.c, d@e.f', subject: 'S' })
    const found = async (query: string): Promise<string[]> => {
      const answer = (await getJson(`/emulator/v1/messages?${query}`)) as {
        messages: { id: string }[]
      }
      return answer.messages.map(({ id }) => id)
    }

    expect(await found('to=a@b.c')).toEqual([`${two.id}-1`, `${one.id}-1`])
    expect(await found('to=a@b.c&tag=t')).toEqual([`${one.id}-1`])
    expect(await found('subject=S')).toHaveLength(3)
    expect(await found(`messageId=${encodeURIComponent(two.messageId ?? '')}`)).toHaveLength(2)
    expect(await found('to=nobody@b.c')).toEqual([])
  })

  test('shows a message', async () => {
    const submission = await send({
      subject: 'Hi',
      date: new Date('2026-11-01T10:00:00Z'),
      text: 'text',
      html: '<p>html</p>',
      attachments: [{ filename: 'ä.txt', content: 'abc' }],
    })
    const [message] = submission.messages

    const shown = await getJson(`/emulator/v1/messages/${message?.id}`)

    expect(shown).toEqual({
      id: message?.id,
      submissionId: submission.id,
      recipient: 'ada@example.com',
      from: 'Shop <shop@mg.example.com>',
      to: 'ada@example.com',
      subject: 'Hi',
      date: '2026-11-01T10:00:00.000Z',
      headers: message?.headers,
      text: 'text',
      state: 'delivered',
      scheduledFor: null,
      deliveredAt: message?.deliveredAt?.toISOString(),
      deliveryStatus: message?.deliveryStatus,
      html: '<p>html</p>',
      hasHtml: true,
      links: [],
      trackedLinks: [],
      pixel: null,
      tracking: { opens: false, clicks: false },
      opens: [],
      clicks: [],
      codes: [],
      attachments: [
        {
          n: 0,
          filename: 'ä.txt',
          contentType: 'text/plain',
          size: 3,
          contentId: null,
          isImage: false,
          mail: null,
        },
      ],
      variables: {},
      unreplaced: [],
    })
    expect(await (await get(`/emulator/v1/messages/${message?.id}/text`)).text()).toBe('text')
  })

  test('empties the inbox', async () => {
    await send({ text: 'x' })

    const response = await get('/emulator/v1/submissions', { method: 'DELETE', headers: change })

    expect(response.status).toBe(204)
    expect(emulator.submissions).toEqual([])
  })

  test.each([
    ['GET', '/emulator/v1/submissions/none', 404],
    ['GET', '/emulator/v1/messages/none-1/html', 404],
    ['GET', '/emulator/v1/messages/../../etc/passwd', 404],
    ['GET', '/emulator/v2/info', 404],
    ['GET', '/assets/..%2f..%2fpackage.json', 404],
    ['GET', '/assets/.hidden.js', 404],
    ['GET', '/package.json', 404],
    ['POST', '/emulator/v1/submissions', 405],
    ['DELETE', '/emulator/v1/info', 405],
  ])('answers %s %s with %i and a sentence', async (method, path, status) => {
    const response = await get(path, { method, headers: change })

    expect(response.status).toBe(status)
    expect(await response.json()).toEqual({ message: expect.stringMatching(/\.$/) as string })
  })

  test('answers HEAD without a body', async () => {
    const response = await get('/emulator/v1/info', { method: 'HEAD' })

    expect(response.status).toBe(200)
    expect(Number(response.headers.get('content-length'))).toBeGreaterThan(100)
    expect(await response.text()).toBe('')
  })

  test('gives the certificate authority, and says that it is alive', async () => {
    expect(await (await get('/ca.pem')).text()).toBe(emulator.ca)
    expect((await get('/emulator/v1/healthz')).status).toBe(200)
  })
})
