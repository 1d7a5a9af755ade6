import { createTransport } from 'nodemailer'
import { describe, expect, test } from 'vitest'
import {
  InvalidOptionError,
  attachMailgun,
  createMailer,
  type MailgunMessage,
} from '../../src/index.ts'
import { freeze } from '../values/freeze.ts'
import { ScriptedServer } from '../scripted-server/scripted-server.ts'
import { letter, wireIn } from '../wire/wire.ts'

describe('fields', () => {
  const defaults = {
    from: 'Shop <shop@example.com>',
    replyTo: 'help@example.com',
    headers: { 'X-Shop': 'default', 'X-Env': 'test' },
    list: { help: 'https://example.com/help' },
  }
  const said = (body: string | undefined, name: string): unknown =>
    wireIn(body ?? '').fields.find(([field]) => field === name)?.[1]

  test('of the defaults are overridden by those of the message, headers by name', async () => {
    await using server = await ScriptedServer.open()
    await using mailer = createMailer({ ...server.config, defaults })
    const plain = { to: 'ada@example.net', text: 'Hi' }

    await mailer.send({ ...plain, from: undefined })
    await mailer.send({ ...plain, from: 'own@example.com', headers: { 'x-shop': 'own' } })
    await mailer.send({ ...plain, headers: [{ key: 'X-Shop', value: 'own' }] })
    await mailer.send({ ...plain, headers: { key: 'X-Shop', value: 'own' } })

    expect(server.bodies.map((body) => said(body, 'From'))).toEqual([
      'Shop <shop@example.com>',
      'own@example.com',
      'Shop <shop@example.com>',
      'Shop <shop@example.com>',
    ])
    expect(server.bodies.map((body) => said(body, 'X-Shop'))).toEqual([
      'default',
      'own',
      'own',
      'own',
    ])
    for (const body of server.bodies) {
      expect(said(body, 'X-Env')).toBe('test')
      expect(said(body, 'Reply-To')).toBe('help@example.com')
      expect(said(body, 'List-Help')).toBe('<https://example.com/help>')
    }
  })

  test("stay the caller's, even frozen to the ground", async () => {
    await using server = await ScriptedServer.open()
    await using mailer = createMailer(freeze({ ...server.config, defaults }))
    const message = freeze({
      from: { name: 'Shop', address: 'shop@example.com' },
      to: [{ name: 'Ada', address: 'ada@bücher.example' }, 'bob@example.net'],
      subject: 'Hi',
      text: { content: 'Hi' },
      html: { content: '<p>Hi</p>' },
      headers: { 'X-A': ['a', 'b'] },
      references: ['<a@b>'],
      attachments: [
        { filename: 'a.txt', content: 'a', headers: { 'X-Part': 'a' } },
        { path: 'data:text/plain,b' },
      ],
      alternatives: [{ contentType: 'text/x-web', content: 'Hi' }],
      icalEvent: { method: 'request', content: 'BEGIN:VCALENDAR', headers: { 'X-Part': 'c' } },
      envelope: { from: 'shop@example.com', to: ['ada@bücher.example'] },
      mailgun: { tags: ['a'], variables: { a: { b: 1 } }, recipientVariables: { 'a@b.test': {} } },
    })

    await mailer.send(message)
    await mailer.send(message)

    expect(server.bodies).toHaveLength(2)
    expect(message.headers).toEqual({ 'X-A': ['a', 'b'] })
  })

  test.each([
    ['signal', { signal: AbortSignal.abort() }],
    ['idempotencyKey', { idempotencyKey: 'order-7' }],
    ['auth', { auth: { user: 'x', pass: 'canary' } }],
    ['raw', { raw: 'canary' }],
    ['normalizeHeaderKey', { normalizeHeaderKey: () => 'canary' }],
    ['subject', { subject: ['canary'] }],
    ['date', { date: new Date(Number.NaN) }],
    ['date', { date: 7 }],
    ['messageId', { messageId: 'canary\r\n' }],
    ['references', { references: [{ value: 'canary' }] }],
    ['headers', { headers: 'canary' }],
    ['headers', { headers: 7 }],
    ['headers[0]', { headers: ['canary'] }],
    ['headers[0]', { headers: { To: 'canary@z.test' } }],
    ['headers[0]', { headers: { ' c\u00a0C:': 'canary@z.test' } }],
    ['headers[0]', { headers: { key: 'Bcc', value: 'canary@z.test' } }],
    ['headers[0]', { headers: [{ key: { Cc: 'canary@z.test' } }] }],
    [
      'attachments[0].headers[0]',
      { attachments: [{ content: 'x', headers: { Cc: 'canary@z.test' } }] },
    ],
    [
      'alternatives[0].headers[0]',
      { alternatives: { content: 'x', headers: { Bcc: 'canary@z.test' } } },
    ],
    ['bcc', { envelope: { from: 'a@b.test', to: 'c@d.test', bcc: 'canary@z.test' } }],
    ['message', null],
    ['message', [letter]],
    ['message', 'canary'],
  ])('%s that no message may have is refused before anything is sent: %#', async (path, fields) => {
    await using server = await ScriptedServer.open()
    await using mailer = createMailer(server.config)
    const message = (
      typeof fields === 'object' && fields !== null && !Array.isArray(fields)
        ? { ...letter, ...fields }
        : fields
    ) as MailgunMessage

    const refusal: unknown = await mailer.send(message).catch((error: unknown) => error)

    expect(refusal).toBeInstanceOf(InvalidOptionError)
    expect(refusal).toMatchObject({ path, code: 'ERR_MAILGUN_INVALID_MESSAGE' })
    expect((refusal as Error).message).not.toContain('canary')
    expect(server.sessions).toBe(0)
  })

  test('a key that only a mailer could keep is refused by attachMailgun', async () => {
    const transporter = attachMailgun(createTransport({ streamTransport: true }))
    const message = { ...letter, idempotencyKey: 'order-7' }

    await expect(transporter.sendMail(message)).rejects.toMatchObject({ path: 'idempotencyKey' })
  })
})

describe('address fields', () => {
  test('that are null are absent, as nodemailer has it', async () => {
    await using server = await ScriptedServer.open()
    await using mailer = createMailer(server.config)

    await mailer.send({ ...letter, cc: null, replyTo: null, sender: null } as never)

    expect(server.bodies).toHaveLength(1)
  })

  test('of the sender must be given', async () => {
    await using mailer = createMailer(createTransport({ streamTransport: true }))

    await expect(mailer.send({ to: 'ada@example.net', text: 'Hi' })).rejects.toMatchObject({
      path: 'from',
    })
  })

  test('of the sender need an ASCII local part', async () => {
    await using mailer = createMailer(createTransport({ streamTransport: true }))

    await expect(mailer.send({ ...letter, from: 'zoë@example.com' })).rejects.toThrow(
      /^from must be an address whose local part is ASCII/,
    )
  })

  test('too long for a thousand recipients are refused before nodemailer reads them', async () => {
    const transporter = attachMailgun(createTransport({ streamTransport: true }))

    await expect(
      transporter.sendMail({ ...letter, to: 'a@b.test,'.repeat(200_000) }),
    ).rejects.toBeInstanceOf(InvalidOptionError)
  })
})
