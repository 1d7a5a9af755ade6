import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import type { BatchReport } from '../../src/batch/report.ts'
import type { Recipients } from '../../src/batch/source.ts'
import { sendBatch } from '../../src/batch/send-batch.ts'
import { addressOf, Crowd, failure, FakeMailer, template } from '../fakes/fake-mailer.ts'

describe('one message to many', () => {
  test('each recipient gets one copy, with a thousand to a message', async () => {
    const mailer = new FakeMailer()

    const summary = await sendBatch(mailer, template, new Crowd(2500))

    expect(mailer.sent.map(({ to }) => (to as string[]).length)).toEqual([1000, 1000, 500])
    expect(mailer.copies).toEqual(Array.from({ length: 2500 }, (_, index) => addressOf(index)))
    expect(summary).toEqual({
      recipients: 2500,
      accepted: 2500,
      rejected: 0,
      deferred: 0,
      unknown: 0,
      chunks: 3,
    })
  })

  test('an empty source is an empty batch', async () => {
    const mailer = new FakeMailer()

    await expect(sendBatch(mailer, template, [])).resolves.toMatchObject({
      recipients: 0,
      chunks: 0,
    })
    expect(mailer.sent).toEqual([])
  })

  test('each recipient has every variable, empty if only another one or the message uses it', async () => {
    const mailer = new FakeMailer()

    await sendBatch(mailer, template, [
      { to: 'ada@example.com', variables: { first: 'Ada', code: null } },
      { to: 'bob@example.com', variables: { vip: true, code: undefined } },
      { to: 'eve@example.com' },
    ])

    expect(mailer.variables(0)).toEqual({
      'ada@example.com': { first: 'Ada', code: '', vip: '' },
      'bob@example.com': { first: '', code: '', vip: true },
      'eve@example.com': { first: '', code: '', vip: '' },
    })
  })

  test('without any variable each recipient still has an entry: otherwise each would see the others', async () => {
    const mailer = new FakeMailer()

    await sendBatch(mailer, { from: 'a@mg.example.com', text: 'Hi' }, [
      { to: 'ada@example.com' },
      { to: 'bob@example.com' },
    ])

    expect(mailer.variables(0)).toEqual({ 'ada@example.com': {}, 'bob@example.com': {} })
  })

  test('the message and its options stay as they are', async () => {
    const mailer = new FakeMailer()
    const message = Object.freeze({ ...template, mailgun: Object.freeze({ tags: ['news'] }) })

    await sendBatch(mailer, message, new Crowd(1))

    expect(mailer.sent[0]).toMatchObject({ subject: template.subject, mailgun: { tags: ['news'] } })
  })

  test('an address is written as RCPT will say it', async () => {
    const mailer = new FakeMailer()

    await sendBatch(mailer, template, [{ to: 'Ada@EXAMPLE.com' }, { to: 'bob@bücher.example' }])

    expect(mailer.copies).toEqual(['Ada@example.com', 'bob@xn--bcher-kva.example'])
    expect(Object.keys(mailer.variables(0))).toEqual(mailer.copies)
  })
})

describe('the outcome for each recipient', () => {
  test('each is told of, in the order of the source, with the words that were of it', async () => {
    const mailer = new FakeMailer(() => [
      {
        address: 'bob@example.com',
        outcome: 'rejected',
        reply: { code: 550, text: 'No such user' },
      },
      { address: 'eve@example.com', outcome: 'unknown' },
    ])
    const reports: BatchReport[] = []

    const summary = await sendBatch(
      mailer,
      template,
      [{ to: 'ada@example.com' }, { to: 'bob@EXAMPLE.com' }, { to: 'eve@example.com' }],
      { onReport: (report) => void reports.push(report) },
    )

    const messageId = '<0@mg.example.com>'
    expect(reports).toMatchObject([
      { index: 0, to: 'ada@example.com', outcome: 'accepted', chunk: 0, messageId },
      { index: 1, to: 'bob@EXAMPLE.com', outcome: 'rejected', reply: { code: 550 }, messageId },
      { index: 2, to: 'eve@example.com', outcome: 'unknown', messageId },
    ])
    expect(reports[2]?.reply).toBeUndefined()
    expect(summary).toMatchObject({ accepted: 1, rejected: 1, unknown: 1 })
  })

  test('a message that fails is the outcome of its recipients, and the others get theirs', async () => {
    const errors = [
      failure({ outcome: 'rejected' }),
      failure({ outcome: 'unknown', fault: 'connection' }),
      failure({
        recipients: [
          {
            address: addressOf(4),
            outcome: 'rejected',
            retryable: false,
            reply: { code: 550, text: 'No' },
          },
          {
            address: addressOf(5),
            outcome: 'deferred',
            retryable: true,
            code: 'ERR_MAILGUN_REFUSED',
          },
        ],
      }),
    ]
    const mailer = new FakeMailer((_addresses, call) => {
      if (errors[call]) throw errors[call]
    })
    const reports: BatchReport[] = []

    await sendBatch(mailer, template, new Crowd(8), {
      maxRecipients: 2,
      onReport: (report) => void reports.push(report),
    })

    expect(reports.map(({ outcome }) => outcome)).toEqual([
      'rejected',
      'rejected',
      'unknown',
      'unknown',
      'rejected',
      'deferred',
      'accepted',
      'accepted',
    ])
    expect(reports.map(({ error }) => error)).toEqual([
      errors[0],
      errors[0],
      errors[1],
      errors[1],
      undefined,
      errors[2],
      undefined,
      undefined,
    ])
  })

  test('a slow listener is waited for, and is never told of two at once', async () => {
    const crowd = new Crowd(40)
    let told = 0
    let listening = 0
    const ahead: number[] = []

    await sendBatch(new FakeMailer(), template, crowd, {
      maxRecipients: 4,
      concurrency: 3,
      onReport: async (_report, soFar) => {
        listening += 1
        await new Promise(setImmediate)
        expect(listening).toBe(1)
        listening -= 1
        told += 1
        expect(soFar.recipients).toBe(told)
        ahead.push(crowd.asked - told)
      },
    })

    expect(told).toBe(40)
    // Three messages that are not told of yet, and the one that is cut.
    expect(Math.max(...ahead)).toBeLessThanOrEqual(16)
  })

  test('a report that is shown or logged contains no address', async () => {
    const shown: string[] = []

    await sendBatch(new FakeMailer(), template, [{ to: 'canary@example.com' }, { to: 'canary@' }], {
      onReport: (report) => void shown.push(inspect(report)),
    })

    expect(shown).toHaveLength(2)
    expect(shown.join()).not.toMatch(/canary/)
  })
})

describe('back-pressure', () => {
  test('recipients are asked for as messages leave', async () => {
    const crowd = new Crowd(100)
    const asked: number[] = []
    const mailer = new FakeMailer(() => void asked.push(crowd.asked))

    await sendBatch(mailer, template, crowd, { maxRecipients: 10 })

    expect(asked).toEqual([10, 20, 30, 40, 50, 60, 70, 80, 90, 100])
  })

  test.each([1, 4])('%i messages at once are sent, and no more', async (concurrency) => {
    let sending = 0
    let most = 0
    let fill: () => void = () => undefined
    const isFull = new Promise<void>((resolve) => (fill = resolve))
    const mailer = new FakeMailer(async () => {
      sending += 1
      most = Math.max(most, sending)
      if (sending === concurrency) fill()
      await isFull
      // Time for one too many.
      for (let turns = 0; turns < 5; turns += 1) await new Promise(setImmediate)
      sending -= 1
    })

    await sendBatch(mailer, template, new Crowd(30), { maxRecipients: 2, concurrency })

    expect(most).toBe(concurrency)
    expect(mailer.copies.toSorted()).toEqual(
      Array.from({ length: 30 }, (_, index) => addressOf(index)).toSorted(),
    )
  })

  test('an asynchronous source is read to its end', async () => {
    const mailer = new FakeMailer()

    await sendBatch(
      mailer,
      template,
      (async function* () {
        for (const recipient of new Crowd(25)) {
          await Promise.resolve()
          yield recipient
        }
      })(),
      { maxRecipients: 10 },
    )

    expect(mailer.copies).toHaveLength(25)
  })
})

test('the same rows are cut the same, however they come', async () => {
  const cuts = async (source: Recipients) => {
    const mailer = new FakeMailer()
    await sendBatch(mailer, template, source, { maxBytes: 1000 })
    return mailer.sent.map(({ to }) => to)
  }
  const late = (async function* () {
    yield* new Crowd(200)
  })()

  const first = await cuts(new Crowd(200))

  expect(first.length).toBeGreaterThan(3)
  await expect(cuts([...new Crowd(200)])).resolves.toEqual(first)
  await expect(cuts(late)).resolves.toEqual(first)
})
