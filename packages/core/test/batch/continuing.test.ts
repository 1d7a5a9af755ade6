import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { BatchRecipient } from '../../src/batch/recipient.ts'
import { sendBatch } from '../../src/batch/send-batch.ts'
import { addressOf, Crowd, day, failure, FakeMailer, template } from '../fakes/fake-mailer.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 0, 1) })
})

afterEach(() => {
  vi.useRealTimers()
})

const settings = { key: 'news-7', maxRecipients: 10 }
const everybody = [...new Crowd(95)]

/** A mailer whose calls fail where they are named. */
function failingAt(...calls: readonly number[]): FakeMailer {
  return new FakeMailer((_addresses, call) => {
    if (calls.includes(call)) throw failure({ fault: calls.length > 1 ? 'message' : 'account' })
  })
}

describe('a batch with a key, stopped and continued', () => {
  test.each([0, 1, 5, 9])('sends no second copy: stopped at message %i', async (call) => {
    const mailer = failingAt(call)
    await expect(sendBatch(mailer, template, everybody, settings)).rejects.toMatchObject({
      code: 'ERR_MAILGUN_BATCH_STOPPED',
    })

    const summary = await sendBatch(mailer, template, everybody, settings)

    expect(summary).toMatchObject({ recipients: 95, accepted: 95, chunks: 10 })
    expect(mailer.copies).toEqual(everybody.map(({ to }) => to))
  })

  test('with messages at once, too', async () => {
    const mailer = failingAt(4)
    await expect(
      sendBatch(mailer, template, everybody, { ...settings, concurrency: 4 }),
    ).rejects.toMatchObject({ code: 'ERR_MAILGUN_BATCH_STOPPED' })

    await sendBatch(mailer, template, everybody, { ...settings, concurrency: 4 })

    expect(new Set(mailer.copies)).toEqual(new Set(everybody.map(({ to }) => to)))
    expect(mailer.copies).toHaveLength(everybody.length)
  })

  test('reports recipients that were refused before with the reply they got then', async () => {
    const refused = [
      { address: addressOf(3), outcome: 'rejected', reply: { code: 550, text: 'No' } },
    ] as const
    const mailer = new FakeMailer((addresses) => (addresses.includes(addressOf(3)) ? refused : []))
    const first = await sendBatch(mailer, template, everybody, settings)

    await expect(sendBatch(mailer, template, everybody, settings)).resolves.toEqual(first)
    expect(first).toMatchObject({ accepted: 94, rejected: 1 })
    expect(mailer.sent).toHaveLength(10)
  })

  test('another key is another batch', async () => {
    const mailer = new FakeMailer()
    await sendBatch(mailer, template, everybody, settings)

    await sendBatch(mailer, template, everybody, { ...settings, key: 'news-8' })

    expect(mailer.copies).toHaveLength(190)
  })

  test('a long key is as good as a short one', async () => {
    const mailer = new FakeMailer()
    const long = { ...settings, key: 'k'.repeat(255) }
    const other = { ...settings, key: `${'k'.repeat(254)}l` }
    await sendBatch(mailer, template, everybody, long)

    await sendBatch(mailer, template, everybody, long)
    await sendBatch(mailer, template, everybody, other)

    expect(mailer.copies).toHaveLength(190)
  })
})

describe('a source that changed is refused, without a second copy', () => {
  const without = (index: number): BatchRecipient[] => everybody.toSpliced(index, 1)

  test.each([
    ['one less', without(3)],
    ['one more', everybody.toSpliced(3, 0, { to: 'new@example.com' })],
    ['two that changed places', [...everybody.slice(0, 10).toReversed(), ...everybody.slice(10)]],
    ['another variable', everybody.with(3, { to: addressOf(3), variables: { first: 'X' } })],
    ['a wrong row put right', everybody],
  ])('%s', async (name, changed) => {
    const mailer = failingAt(5)
    const before = name === 'a wrong row put right' ? everybody.with(3, { to: 'r3@' }) : everybody
    await sendBatch(mailer, template, before, settings).catch(() => undefined)
    const copies = [...mailer.copies]

    await expect(sendBatch(mailer, template, changed, settings)).rejects.toMatchObject({
      code: 'ERR_MAILGUN_BATCH_CHANGED',
      summary: { recipients: 0 },
    })

    expect(mailer.copies).toEqual(copies)
  })

  test('also where the change is in a message that was deferred, before one that was taken', async () => {
    const mailer = failingAt(5, 1000)
    await sendBatch(mailer, template, everybody, settings)
    const copies = [...mailer.copies]
    expect(copies).toHaveLength(85)

    // The first of chunk 6, who has a copy, would now be the last of chunk 5.
    await expect(sendBatch(mailer, template, without(53), settings)).rejects.toMatchObject({
      code: 'ERR_MAILGUN_BATCH_CHANGED',
      summary: { recipients: 50 },
    })

    expect(mailer.copies).toEqual(copies)
  })

  test('also when it is the message that changed', async () => {
    const mailer = failingAt(5)
    await sendBatch(mailer, template, everybody, settings).catch(() => undefined)

    await expect(
      sendBatch(mailer, { ...template, subject: 'Other' }, everybody, settings),
    ).rejects.toMatchObject({ code: 'ERR_MAILGUN_BATCH_CHANGED' })
    expect(mailer.copies).toHaveLength(50)
  })

  test('more at the end are sent to', async () => {
    const mailer = failingAt(5)
    await sendBatch(mailer, template, everybody, settings).catch(() => undefined)

    await sendBatch(mailer, template, [...everybody, { to: 'new@example.com' }], settings)

    expect(mailer.copies).toHaveLength(96)
  })
})

describe('a batch that is continued late', () => {
  test('is refused when its receipts are gone, rather than sent twice', async () => {
    const mailer = failingAt(5)
    await sendBatch(mailer, template, everybody, settings).catch(() => undefined)
    vi.setSystemTime(Date.now() + day + 1)

    await expect(sendBatch(mailer, template, everybody, settings)).rejects.toMatchObject({
      code: 'ERR_MAILGUN_BATCH_STOPPED',
      summary: { recipients: 0 },
    })
    expect(mailer.copies).toHaveLength(50)
  })

  test('goes on within a day', async () => {
    const mailer = failingAt(5)
    await sendBatch(mailer, template, everybody, settings).catch(() => undefined)
    vi.setSystemTime(Date.now() + day - 1)

    await sendBatch(mailer, template, everybody, settings)

    expect(mailer.copies).toEqual(everybody.map(({ to }) => to))
  })
})

test('a store that fails stops the batch before the message, and its words are not shown', async () => {
  const mailer = new FakeMailer()
  mailer.store.reserve = () => Promise.reject(new Error('redis://canary-password@store'))

  const error: unknown = await sendBatch(mailer, template, everybody, settings).catch(
    (reason: unknown) => reason,
  )

  expect(error).toMatchObject({
    code: 'ERR_MAILGUN_BATCH_STOPPED',
    cause: { code: 'ERR_MAILGUN_STORE', outcome: 'deferred', retryable: true },
  })
  expect(String((error as Error).stack)).not.toContain('canary')
  expect(mailer.sent).toEqual([])
})
