import { AssertionError } from 'node:assert'
import { describe, expect, test } from 'vitest'
import { createMailer, type MailgunMessage } from '../../src/index.ts'
import {
  assertMail,
  createOutbox,
  matchers,
  type MailMatchers,
  type MatcherResult,
  type Outbox,
  type OutboxMessage,
} from '../../src/testing.ts'

async function outboxWith(...messages: readonly MailgunMessage[]): Promise<Outbox> {
  const outbox = createOutbox()
  for (const message of messages) {
    await createMailer(outbox.transporter).send({
      from: 'Shop <shop@mg.example.com>',
      to: 'ada@example.com',
      subject: 'Welcome',
      ...message,
    })
  }
  return outbox
}

async function mailWith(message: MailgunMessage): Promise<OutboxMessage> {
  const [mail] = (await outboxWith(message)).messages
  if (!mail) throw new Error('nothing was kept')
  return mail
}

function judge(name: keyof MailMatchers, ...values: readonly unknown[]): Promise<MatcherResult> {
  const matcher = matchers[name] as (...values: readonly unknown[]) => unknown
  return Promise.resolve(matcher(...values) as MatcherResult)
}

const rich: MailgunMessage = {
  text: 'Your code is 123456.\nSee https://example.com/reset?a=1.',
  html: '<p>Hello</p><a class="b" href="https://example.com/reset?a=1&amp;b=2">Reset</a>',
  attachments: [{ filename: 'invoice.pdf', content: 'PDF!' }],
  headers: { 'X-Order': 'Größe 7', 'List-Id': 'a' },
  mailgun: {
    tags: ['Signup'],
    variables: { order: { id: 7, lines: [1, 2] }, name: 'Ada' },
    deliverBy: new Date('2030-01-02T03:04:05Z'),
    dropMessage: true,
    track: false,
    trackClicks: 'htmlonly',
    requireTls: true,
  },
}

const batch: MailgunMessage = {
  to: ['ada@example.com', 'alan@example.com'],
  subject: 'Hi %recipient.first%',
  text: 'x',
  mailgun: {
    recipientVariables: {
      'ada@example.com': { first: 'Ada', n: 1 },
      'alan@example.com': { first: 'Alan', n: 2 },
    },
  },
}

type Case = readonly [name: keyof MailMatchers, ...expected: unknown[]]

const holds: readonly Case[] = [
  ['toHaveTag', 'signup'],
  ['toHaveVariables', { name: 'Ada' }],
  ['toHaveVariables', { order: { id: 7 } }],
  ['toHaveVariables', { order: { lines: [1, expect.any(Number) as unknown] }, name: /^A/ }],
  ['toBeScheduledFor', new Date('2030-01-02T03:04:05.900Z')],
  ['toBeScheduledFor', '2030-01-02T05:04:00+02:00', 5_000],
  ['toBeTestMode'],
  ['toHaveTracking', { opens: false, clicks: 'htmlonly' }],
  ['toHaveTracking', { opens: false }],
  ['toRequireTls'],
  ['toHaveHeader', 'x-order'],
  ['toHaveHeader', 'X-Order', 'Größe 7'],
  ['toHaveHeader', 'x-mailgun-tag', /sign/i],
  ['toHaveTextContaining', 'code is 123456.\nSee'],
  ['toHaveTextContaining', /\b\d{6}\b/],
  ['toHaveHtmlContaining', '<p>Hello'],
  ['toHaveLink', 'https://example.com/reset?a=1&b=2'],
  ['toHaveLink', 'https://example.com/reset?a=1'],
  ['toHaveLink', /reset/],
  ['toHaveAttachment', 'invoice.pdf'],
  ['toHaveAttachment', { contentType: 'application/pdf', size: 4 }],
  ['toHaveNoUnreplacedVariables'],
]

const fails: readonly Case[] = [
  ['toHaveTag', 'sign'],
  ['toHaveVariables', { name: 'Alan' }],
  ['toHaveVariables', { order: { id: 7, missing: 1 } }],
  ['toHaveVariables', { toString: expect.any(Function) as unknown }],
  ['toHaveRecipientVariables', { 'ada@example.com': {} }],
  ['toBeScheduledFor', new Date('2030-01-02T03:04:07Z')],
  ['toHaveTracking', true],
  ['toHaveTracking', false],
  ['toHaveHeader', 'X-Other'],
  ['toHaveHeader', 'X-Order', 'Größe'],
  ['toHaveTextContaining', 'Hello'],
  ['toHaveHtmlContaining', /code/],
  ['toHaveLink', 'https://example.com/reset'],
  ['toHaveAttachment', 'invoice'],
  ['toHaveAttachment', { filename: 'invoice.pdf', size: 5 }],
  ['toHaveNoDiagnostics'],
]

function named(cases: readonly Case[]): { name: keyof MailMatchers; expected: unknown[] }[] {
  return cases.map(([name, ...expected]) => ({ name, expected }))
}

describe('a mail', () => {
  test.each(named(holds))('$name $expected holds', async ({ name, expected }) => {
    const { pass, message } = await judge(name, await mailWith(rich), ...expected)

    expect(pass).toBe(true)
    expect(message()).toMatch(/^Expected the mail not to .*\.\n\n {2}from/)
  })

  test.each(named(fails))('$name $expected does not hold', async ({ name, expected }) => {
    const mail = await mailWith({
      ...rich,
      mailgun: { ...rich.mailgun, trackPixelLocationTop: null },
    })

    const { pass, message } = await judge(name, mail, ...expected)

    expect(pass).toBe(false)
    expect(message()).toMatch(/^Expected the mail to .*\.\n\n {2}from/)
    expect(message()).toMatch(/^✗ /m)
  })

  test('has recipient variables by address, and none that stay unreplaced', async () => {
    const mail = await mailWith(batch)
    const wanted = { 'ada@example.com': { first: 'Ada' } }

    expect((await judge('toHaveRecipientVariables', mail, wanted)).pass).toBe(true)
    expect((await judge('toHaveNoUnreplacedVariables', mail)).pass).toBe(true)
    expect((await judge('toHaveNoDiagnostics', mail)).pass).toBe(true)
    const torn = await mailWith({ ...batch, text: '%recipient.last%' })
    expect((await judge('toHaveNoUnreplacedVariables', torn)).message()).toContain(
      '✗ unreplaced          %recipient.last%',
    )
  })

  test('is shown field by field, with a mark at what failed', async () => {
    const mail = await mailWith({ text: 'x', mailgun: { tags: ['order'], track: true } })

    const { message } = await judge('toHaveTag', mail, 'signup')

    expect(message()).toBe(`Expected the mail to have the tag 'signup'.

  from       Shop <shop@mg.example.com>
  to         ada@example.com
  subject    Welcome
  messageId  ${mail.messageId}
✗ tags       [ 'order' ]
  track      true`)
  })
})

describe('an outbox', () => {
  test('has received what fits, and so often', async () => {
    const outbox = await outboxWith(
      { text: '1', mailgun: { tags: ['a'] } },
      { text: '2', mailgun: { tags: ['a', 'b'] } },
      { text: '3', to: 'Bob <Bob@Example.com>', subject: 'Bye' },
    )
    const id = outbox.messages[1]?.messageId

    for (const condition of [
      {},
      undefined,
      { to: 'bob@example.com', subject: /^b/i },
      { from: 'SHOP@mg.example.com', tag: 'B' },
      { messageId: id?.slice(1, -1) },
      ({ subject }: OutboxMessage) => subject === 'Bye',
    ]) {
      expect((await judge('toHaveReceived', outbox, condition)).pass).toBe(true)
      expect((await judge('toHaveReceived', outbox.messages, condition)).pass).toBe(true)
    }
    expect((await judge('toHaveReceivedTimes', outbox, 2, { tag: 'a' })).pass).toBe(true)
    expect((await judge('toHaveReceivedTimes', outbox, 3)).pass).toBe(true)
    expect((await judge('toHaveReceivedTimes', outbox, 1, { tag: 'a' })).message()).toBe(
      `Expected to have received a mail with tag 'a' once; it came 2 times:
  'Welcome' to ada@example.com
  'Welcome' to ada@example.com`,
    )
    expect((await judge('toHaveReceivedNothing', outbox)).message()).toMatch(/; 3 came:/)
    expect((await judge('toHaveReceivedNothing', createOutbox())).pass).toBe(true)
  })

  test('shows the nearest mail and each field that differs', async () => {
    const outbox = await outboxWith(
      { text: '1', mailgun: { tags: ['newsletter'] } },
      { text: '2', to: 'bob@example.com', subject: 'Your order' },
    )

    const { pass, message } = await judge('toHaveReceived', outbox, {
      to: 'ada@example.com',
      subject: /reset/i,
      tag: 'signup',
    })

    expect(pass).toBe(false)
    expect(message())
      .toBe(`Expected to have received a mail with to 'ada@example.com', subject /reset/i, tag 'signup'. 2 mails are there, the nearest:

  from       Shop <shop@mg.example.com>
  to         ada@example.com
✗ subject    Welcome   not /reset/i
  messageId  ${outbox.messages[0]?.messageId}
✗ tags       [ 'newsletter' ]   not 'signup'`)
    expect((await judge('toHaveReceived', createOutbox(), {})).message()).toBe(
      'Expected to have received a mail. No mail is there.',
    )
  })

  test('receives what comes in time', async () => {
    const outbox = createOutbox()
    const waiting = judge('toReceive', outbox, { subject: 'Late' })
    await outbox.transporter.sendMail({ from: 'a@b.c', to: 'd@e.f', subject: 'Late', text: 'x' })

    expect((await waiting).pass).toBe(true)
    const missed = await judge('toReceive', outbox, { subject: 'Never' }, { timeout: 1 })
    expect(missed.pass).toBe(false)
    expect(missed.message()).toMatch(
      /^Expected to receive a mail with subject 'Never' within 1 ms\. One mail is there:/,
    )
    const broken = judge('toReceive', outbox, () => {
      throw new Error('mine')
    })
    await expect(broken).rejects.toThrow('mine')
  })

  test('is told which mail cannot be read', async () => {
    const outbox = await outboxWith({ text: 'x' })

    expect(() => matchers.toHaveTag(outbox, 'x')).toThrow('toHaveTag looks at a mail')
    expect(() => matchers.toHaveTag(undefined, 'x')).toThrow(TypeError)
    expect(() => matchers.toHaveReceived(outbox.messages[0])).toThrow('looks at an emulator')
    expect(() => matchers.toHaveReceived(outbox, { too: 'x' } as object)).toThrow(
      "A mail filter has no field 'too'",
    )
    await expect(matchers.toReceive(outbox.messages, {})).rejects.toThrow('gets no more')
  })
})

describe('assertMail', () => {
  test('throws an AssertionError that points to its caller, or to nothing', async () => {
    const mail = await mailWith(rich)

    assertMail.toHaveTag(mail, 'signup')
    assertMail.not.toHaveTag(mail, 'other')
    await assertMail.toHaveTextContaining(mail, '123456')
    await assertMail.not.toHaveLink(mail, /unsubscribe/)
    const thrown = (): void => assertMail.toHaveTag(mail, 'other')
    expect(thrown).toThrow(AssertionError)
    expect(thrown).toThrow(
      expect.objectContaining({
        operator: 'toHaveTag',
        message: expect.stringContaining("Expected the mail to have the tag 'other'.") as string,
        stack: expect.not.stringContaining('testing/assertions') as string,
      }),
    )
    await expect(assertMail.not.toHaveLink(mail, /reset/)).rejects.toMatchObject({
      operator: 'not.toHaveLink',
    })
  })
})
