import { markMerged } from '../../src/options/merged.ts'
import { Readable } from 'node:stream'
import { describe, expect, test } from 'vitest'
import {
  composeMessage,
  isComposed,
  readComposed,
  type ComposedMessage,
} from '../../src/message/compose.ts'
import {
  InvalidOptionError,
  mergeOptions,
  withMailgunOptions,
  type MailgunMessage,
} from '../../src/index.ts'
import { readMessage } from '../../src/message/message.ts'
import { letter, streamTransporter, wireOf } from '../wire/wire.ts'

const messageId = '<one@example.com>'

function compose(fields: object = {}): ComposedMessage {
  const { mailgun, ...message } = { ...letter, messageId, ...fields } as MailgunMessage
  return composeMessage({
    ...readMessage(message),
    messageId,
    mailgun: markMerged(mergeOptions(mailgun)),
  })
}

function queued(composed: ComposedMessage): ComposedMessage {
  return JSON.parse(JSON.stringify(composed)) as ComposedMessage
}

/** A composed message as a person with access to the queue may have written it. */
function written(fields: object, beside: object = {}): ComposedMessage {
  const composed = queued(compose())
  return { ...composed, message: { ...composed.message, ...fields }, ...beside } as ComposedMessage
}

function refusal(run: () => unknown): unknown {
  try {
    run()
  } catch (error) {
    return error
  }
  return 'nothing was refused'
}

describe('what composing fixes', () => {
  test('a message without a date, with several parts, leaves as the same bytes each time', async () => {
    const composed = queued(compose({ html: '<p>Hi</p>', attachments: [{ content: 'a' }] }))

    const first = await wireOf(readComposed(composed))
    const second = await wireOf(readComposed(composed))

    expect(second.raw).toBe(first.raw)
    expect(first.fields).toContainEqual(['Message-ID', messageId])
    expect(first.fields.map(([name]) => name)).toContain('Date')
  })

  test.each<readonly [string, object, string]>([
    ['a Date', { date: new Date('2026-11-24T12:00:00Z') }, 'Tue, 24 Nov 2026 12:00:00 +0000'],
    ['a string', { date: 'Tue, 24 Nov 2026 13:00:00 +0100' }, 'Tue, 24 Nov 2026 12:00:00 +0000'],
    ['through JSON', { date: '2026-11-24T12:00:00.000Z' }, 'Tue, 24 Nov 2026 12:00:00 +0000'],
    [
      'a header',
      { headers: { date: new Date('2026-11-24T12:00:00Z') } },
      'Tue, 24 Nov 2026 12:00:00 +0000',
    ],
  ])('a date that was given, %s, is the one that leaves', async (_as, fields, date) => {
    const { fields: sent } = await wireOf(readComposed(queued(compose(fields))))

    expect(sent.filter(([name]) => name === 'Date')).toEqual([['Date', date]])
  })

  test('a Date of an option becomes RFC 3339, and the header stays', async () => {
    const composed = compose({ mailgun: { deliverBy: new Date('2026-11-25T08:00:00Z') } })

    expect(composed.message['mailgun']).toEqual({ deliverBy: '2026-11-25T08:00:00.000Z' })
    expect((await wireOf(readComposed(composed))).mailgun).toEqual([
      'X-Mailgun-Deliver-By: Wed, 25 Nov 2026 08:00:00 +0000',
    ])
  })

  test('neither the scope nor the defaults of where it is sent change it', async () => {
    const defaults = {
      replyTo: 'other@example.com',
      list: { help: 'https://example.com' },
      headers: { 'X-Other': '1' },
      mailgun: { tags: ['other'], track: false },
    }
    const composed = queued(compose({ mailgun: { tags: ['own'] } }))

    const wire = await withMailgunOptions({ dkim: false }, () =>
      wireOf(readComposed(composed, defaults), streamTransporter(defaults)),
    )

    expect(wire.mailgun).toEqual(['X-Mailgun-Tag: own'])
    expect(wire.fields.map(([name]) => name)).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/^(?:Reply-To|List-Help|X-Other)$/i)]),
    )
  })

  test('a key named like a mark of this form is data where data belongs', async () => {
    const variables = { base64: 'YQ==', path: '/etc/hosts', href: 'https://example.com' }
    const wire = await wireOf(readComposed(queued(compose({ mailgun: { variables } }))))

    expect(JSON.parse(wire.mailgun[0]?.replace(/^[^:]*: /, '') ?? '')).toEqual(variables)
  })

  test('a negative zero, which JSON has not, is zero from the start', () => {
    const composed = compose({ mailgun: { variables: { balance: -0 } } })

    expect(composed.message['mailgun']).toStrictEqual({ variables: { balance: 0 } })
  })

  test('the access that the composing mailer had is not taken along', () => {
    const composed = compose({ disableFileAccess: false, disableUrlAccess: false })

    expect(Object.keys(composed.message)).not.toContain('disableFileAccess')
    expect(Object.keys(composed.message)).not.toContain('disableUrlAccess')
  })
})

describe('what no queue can keep is refused by its path', () => {
  test.each<readonly [string, object]>([
    ['text', { text: Readable.from(['canary']) }],
    ['html.content', { html: { content: Readable.from(['canary']) } }],
    ['attachments[1].content', { attachments: [{ content: 'a' }, { content: Readable.from([]) }] }],
    ['attachments[0].content', { attachments: [{ content: { a: 'canary' } }] }],
    ['attachments[0].path', { attachments: [{ path: '/canary' }], disableFileAccess: false }],
    ['attachments[0].href', { attachments: { href: 'https://canary' }, disableUrlAccess: false }],
    ['html.path', { html: { path: '/canary' }, disableFileAccess: false }],
    ['attachments[0].content', { attachments: [{ content: () => 'canary' }] }],
    ['template', { template: () => 'canary' }],
    ['context.user', { context: { user: new (class User {})() } }],
    ['context.count', { context: { count: Number.NaN } }],
    ['context.big', { context: { big: 7n } }],
    ['context.at', { context: { at: new Date(Number.NaN) } }],
    ['context.list[0]', { context: { list: [undefined] } }],
    ['dkim', { dkim: { privateKey: 'canary' } }],
    ['deliverBy', { mailgun: { deliverBy: new Date(Number.NaN) } }],
    ['variables.at', { mailgun: { variables: { at: new Date() } } }],
    ['tags[0]', { mailgun: { tags: ['canary\n'] } }],
    ['headers[0]', { headers: { 'X-Mailgun-Tag': 'canary' } }],
  ])('%s: %#', (path, fields) => {
    const error = refusal(() => compose(fields))

    expect(error).toBeInstanceOf(InvalidOptionError)
    expect(error).toMatchObject({ path })
    expect(String(error)).not.toContain('canary')
  })

  test('a message that holds itself', () => {
    const context: { self?: object } = {}
    context.self = context

    expect(refusal(() => compose({ context }))).toMatchObject({
      rule: 'is nested deeper than 40 levels',
    })
  })
})

describe('composed data from a queue is trusted no more than a message', () => {
  test('only data with the mark is composed', () => {
    expect(isComposed(compose())).toBe(true)
    expect(isComposed({ mailgunSmtp: 2, message: {} })).toBe(true)
    expect(isComposed(letter)).toBe(false)
    expect(isComposed('{"mailgunSmtp":1}')).toBe(false)
    expect(isComposed(null)).toBe(false)
  })

  test.each([2, '1', null, undefined])('version %o is refused, and says what to do', (version) => {
    const error = refusal(() => readComposed(written({}, { mailgunSmtp: version })))

    expect(error).toMatchObject({ code: 'ERR_MAILGUN_INVALID_MESSAGE', path: 'mailgunSmtp' })
    expect((error as Error).message).toContain('another version')
  })

  test.each<readonly [string, ComposedMessage]>([
    ['message', written({}, { message: undefined })],
    ['message', written({}, { message: ['canary'] })],
    ['message', written({}, { mailgun: { tags: ['canary'] } })],
    ['messageId', written({ messageId: undefined })],
    ['messageId', written({ messageId: 7 })],
    ['messageId', written({ messageId: 'canary\r\nBcc: canary@b.test' })],
    ['from', written({ from: undefined })],
    ['to', written({ to: 'a@b.test, canary@b.test' })],
    ['auth', written({ auth: { user: 'canary', pass: 'canary' } })],
    ['dkim', written({ dkim: { privateKey: 'canary', cacheDir: '/canary' } })],
    ['disableFileAccess', written({ disableFileAccess: false })],
    ['disableUrlAccess', written({ disableUrlAccess: false })],
    ['attachments[0].path', written({ attachments: [{ path: '/canary' }] })],
    ['html.href', written({ html: { href: 'https://canary' } })],
    ['text', written({ text: { base64: 'can!' } })],
    ['text', written({ text: { base64: 'canary' } })],
    ['text', written({ text: { base64: 7 } })],
    ['text', written({ text: { base64: 'YQ==', path: '/canary' } })],
    ['tagz', written({ mailgun: { tagz: 'canary' } })],
  ])('%s that no message may have is refused as it is read: %#', (path, composed) => {
    const error = refusal(() => readComposed(composed))

    expect(error).toBeInstanceOf(InvalidOptionError)
    expect(error).toMatchObject({ path })
    expect(String(error)).not.toContain('canary')
  })

  test.each<readonly [string, object]>([
    ['raw', { raw: 'canary' }],
    ['headers[0]', { headers: { 'x-mailgun-archive-to': 'https://canary' } }],
    ['headers[0]', { headers: [{ key: 'X-A', value: { prepared: true, value: 'canary' } }] }],
    ['tags[0]', { mailgun: { tags: ['canary\r\n'] } }],
  ])('%s is refused as it is sent: %#', async (path, fields) => {
    const error = await wireOf(readComposed(written(fields))).catch((reason: unknown) => reason)

    expect(error).toBeInstanceOf(InvalidOptionError)
    expect(error).toMatchObject({ path })
    expect(String(error)).not.toContain('canary')
  })
})
