import { DeliveryError, InvalidOptionError, type MailgunMessage } from '@mailgun-smtp/core'
import { createMailgunEmulator, type MailgunEmulator } from '@mailgun-smtp/emulator'
import { inspect } from 'node:util'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { OpenAdapter } from './adapters/adapter.ts'
import { openExpress } from './adapters/express.ts'
import { openNestjs } from './adapters/nestjs.ts'
import { openNext } from './adapters/next.ts'
import { openNode } from './adapters/node.ts'

/** What every way to send promises, however it is reached. */
describe.each<[string, OpenAdapter]>([
  ['Node', openNode],
  ['Express', openExpress],
  ['NestJS', openNestjs],
  ['Next.js', openNext],
])('%s', (_name, open) => {
  let emulator: MailgunEmulator

  beforeAll(async () => {
    emulator = await createMailgunEmulator({ httpPort: false })
  })
  beforeEach(() => emulator.reset())
  afterAll(() => emulator.close())

  const letter = (more: Partial<MailgunMessage> = {}): MailgunMessage => ({
    from: 'Shop <shop@mg.example.com>',
    to: 'ada@example.com',
    subject: 'Hello',
    text: 'Good to have you.',
    ...more,
  })

  it('gives a receipt, and Mailgun reads the options as they were meant', async () => {
    await using adapter = await open(emulator.transport)
    const mailgun = {
      tags: ['welcome', 'with, comma'],
      variables: { note: '"quoted" é =?x?=', list: [1, null, { deep: true }] },
      deliverBy: new Date('2030-01-02T03:04:05Z'),
      trackClicks: 'htmlonly',
      requireTls: true,
    } as const

    const receipt = await adapter.send(letter({ mailgun }))

    expect(receipt.reply).toEqual({ code: 250, text: 'Great success' })
    expect(receipt.accepted).toEqual(['ada@example.com'])
    expect(emulator.submissions).toHaveLength(1)
    expect(emulator.submissions[0]?.options).toEqual(mailgun)
    expect(emulator.submissions[0]?.messageId).toBe(receipt.messageId)
    expect(emulator.submissions[0]?.session.secure).toBe('starttls')
  })

  it('merges options from the weakest layer to the strongest', async () => {
    await using adapter = await open({
      ...emulator.transport,
      defaults: {
        mailgun: { tags: ['shop'], dkim: true, trackOpens: true, variables: { a: 1, b: 1 } },
      },
    })

    await adapter.sendWithin(
      { tags: ['order'], dkim: null, trackOpens: false, variables: { b: 2, c: 2 } },
      letter({ mailgun: { tags: ['receipt'], variables: { c: 3 } } }),
    )
    await adapter.send(letter())

    expect(emulator.submissions.map(({ options }) => options)).toEqual([
      { tags: ['shop', 'order', 'receipt'], trackOpens: false, variables: { a: 1, b: 2, c: 3 } },
      { tags: ['shop'], dkim: true, trackOpens: true, variables: { a: 1, b: 1 } },
    ])
  })

  it('keeps the options of sends at the same time apart', async () => {
    await using adapter = await open(emulator.transport)

    await Promise.all(
      Array.from({ length: 12 }, (_, n) =>
        adapter.sendWithin({ tags: [`t${n}`] }, letter({ subject: `s${n}` })),
      ),
    )

    const pairs = emulator.submissions.map(({ subject, options }) => [subject, options.tags])
    expect(new Map(pairs as [string, string[]][])).toEqual(
      new Map(Array.from({ length: 12 }, (_, n) => [`s${n}`, [`t${n}`]])),
    )
  })

  it('makes of a batch a copy for each, with their own address and words', async () => {
    await using adapter = await open(emulator.transport)

    const receipt = await adapter.send(
      letter({
        to: ['ada@example.com', 'alan@example.com'],
        subject: 'Hi %recipient.first%',
        mailgun: {
          recipientVariables: {
            'ada@example.com': { first: 'Ada' },
            'alan@example.com': { first: 'Alan' },
          },
        },
      }),
    )

    expect(receipt.accepted).toHaveLength(2)
    expect(emulator.submissions).toHaveLength(1)
    expect(emulator.messages.map(({ to, subject }) => [to, subject])).toEqual([
      ['ada@example.com', 'Hi Ada'],
      ['alan@example.com', 'Hi Alan'],
    ])
  })

  it.each<[string, Partial<MailgunMessage>, string]>([
    ['a misspelt option', { mailgun: { tag: ['x'] } as never }, 'tag'],
    ['a value of the wrong kind', { mailgun: { dkim: 'yes' } as never }, 'dkim'],
    ['a line break in a tag', { mailgun: { tags: ['a\r\nBcc: canary@evil.test'] } }, 'tags[0]'],
    ['two addresses in one text', { to: 'ada@example.com, canary@evil.test' }, 'to'],
    [
      'a header that only options may set',
      { headers: { 'X-Mailgun-Archive-To': 'canary' } },
      'headers[0]',
    ],
    ['a file to be read', { attachments: [{ path: '/etc/canary' }] }, 'attachments[0].path'],
  ])('refuses %s by its path, before anything is sent', async (_what, more, path) => {
    await using adapter = await open(emulator.transport)

    const error: unknown = await adapter.send(letter(more)).catch((reason: unknown) => reason)

    expect(error).toBeInstanceOf(InvalidOptionError)
    expect((error as InvalidOptionError).path).toBe(path)
    expect(inspect(error)).not.toContain('canary')
    expect(emulator.submissions).toEqual([])
  })

  it('says of a refused login that nothing was taken, and shows no secret and no recipient', async () => {
    await using adapter = await open({
      ...emulator.transport,
      auth: { user: emulator.credentials.user, pass: 'canary-pass' },
    })

    const error: unknown = await adapter
      .send(letter({ to: 'canary@example.com', text: 'canary body' }))
      .catch((reason: unknown) => reason)

    expect(error).toBeInstanceOf(DeliveryError)
    expect(error).toMatchObject({
      outcome: 'deferred',
      retryable: false,
      fault: 'account',
      code: 'ERR_MAILGUN_AUTH',
    })
    expect(inspect(error, { depth: 9 }) + JSON.stringify(error)).not.toContain('canary')
  })

  it('leaves the message of the caller as it was', async () => {
    await using adapter = await open({
      ...emulator.transport,
      defaults: { headers: { 'X-Shop': '1' } },
    })
    const message = Object.freeze({
      ...letter(),
      headers: Object.freeze({ 'X-Own': '1' }),
      mailgun: Object.freeze({ tags: Object.freeze(['a']) }),
    })

    await adapter.send(message)
    await adapter.send(message)

    expect(emulator.submissions.map(({ options }) => options.tags)).toEqual([['a'], ['a']])
  })
})
