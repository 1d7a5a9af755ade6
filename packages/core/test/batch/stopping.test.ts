import { describe, expect, test } from 'vitest'
import { BatchError } from '../../src/batch/batch-error.ts'
import type { BatchReport } from '../../src/batch/report.ts'
import { sendBatch } from '../../src/batch/send-batch.ts'
import { ConfigError, InvalidOptionError, MailgunError } from '../../src/outcome/errors.ts'
import { addressOf, Crowd, failure, FakeMailer, template } from '../fakes/fake-mailer.ts'

const few = { maxRecipients: 2 }

async function batchError(batch: Promise<unknown>): Promise<BatchError> {
  const error = await batch.catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(BatchError)
  expect(error).toBeInstanceOf(MailgunError)
  return error as BatchError
}

describe('a batch stops', () => {
  test.each([
    ['a fault of the account', failure({ fault: 'account', code: 'ERR_MAILGUN_QUOTA' })],
    ['a refused login', failure({ fault: 'account', code: 'ERR_MAILGUN_AUTH', retryable: false })],
    ['a store that fails', failure({ fault: 'connection', code: 'ERR_MAILGUN_STORE' })],
    ['a mailer that closes', failure({ fault: 'connection', code: 'ERR_MAILGUN_SHUTDOWN' })],
    [
      'a batch of this key that runs elsewhere',
      failure({ outcome: 'unknown', code: 'ERR_MAILGUN_IN_FLIGHT' }),
    ],
  ])('at %s', async (_name, cause) => {
    const crowd = new Crowd(100)
    const reports: BatchReport[] = []
    const mailer = new FakeMailer((_addresses, call) => {
      if (call === 2) throw cause
    })

    const error = await batchError(
      sendBatch(mailer, template, crowd, { ...few, onReport: (one) => void reports.push(one) }),
    )

    expect(error).toMatchObject({
      code: 'ERR_MAILGUN_BATCH_STOPPED',
      cause,
      summary: { recipients: 6, accepted: 4, chunks: 3 },
    })
    expect(error.message).toContain(cause.cure)
    expect(reports.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5])
    expect(crowd).toMatchObject({ asked: 6, isClosed: true })
  })

  test('when three messages in a row were not taken', async () => {
    const mailer = new FakeMailer((_addresses, call) => {
      if (call !== 2) throw failure({ fault: 'connection' })
    })

    const error = await batchError(sendBatch(mailer, template, new Crowd(100), few))

    expect(error.summary).toMatchObject({ recipients: 12, accepted: 2, deferred: 10 })
  })

  test('never because recipients are refused, or an outcome is unknown', async () => {
    const mailer = new FakeMailer((_addresses, call) => {
      throw call % 2 ? failure({ fault: 'recipient' }) : failure({ outcome: 'unknown' })
    })

    await expect(sendBatch(mailer, template, new Crowd(20), few)).resolves.toMatchObject({
      deferred: 10,
      unknown: 10,
    })
  })

  test('at an error of the source, after what was asked for before is told of', async () => {
    const cause = new Error('The database went away.')
    const source = (function* () {
      yield* new Crowd(5)
      throw cause
    })()

    const error = await batchError(sendBatch(new FakeMailer(), template, source, few))

    expect(error).toMatchObject({ cause, summary: { recipients: 4, accepted: 4 } })
  })

  test('at an error of the listener, which is not called again', async () => {
    const cause = new Error('The disk is full.')
    const crowd = new Crowd(100)
    let calls = 0

    const error = await batchError(
      sendBatch(new FakeMailer(), template, crowd, {
        ...few,
        concurrency: 3,
        onReport: async () => {
          calls += 1
          if (calls === 3) throw cause
        },
      }),
    )

    expect(error.cause).toBe(cause)
    expect(calls).toBe(3)
    expect(crowd.isClosed).toBe(true)
  })

  test('and what is being sent is waited for', async () => {
    const done: number[] = []
    const mailer = new FakeMailer(async (_addresses, call) => {
      if (call === 1) throw failure({ fault: 'account' })
      for (let turns = 0; turns < 10; turns += 1) await new Promise(setImmediate)
      done.push(call)
    })

    const error = await batchError(
      sendBatch(mailer, template, new Crowd(100), { ...few, concurrency: 3 }),
    )

    expect(done).toContain(0)
    expect(error.summary.accepted).toBe(done.length * 2)
    expect(error.summary.deferred).toBe(2)
  })
})

describe('a signal', () => {
  test('ends what is being sent and asks for no more recipients', async () => {
    const abort = new AbortController()
    const crowd = new Crowd(100)
    const mailer = new FakeMailer(async (_addresses, call, signal) => {
      if (call < 2) return
      abort.abort(new Error('Enough.'))
      expect(signal?.aborted).toBe(true)
      throw failure({ code: 'ERR_MAILGUN_ABORTED', fault: 'connection' })
    })

    const error = await batchError(
      sendBatch(mailer, template, crowd, { ...few, signal: abort.signal }),
    )

    expect(error.cause).toBe(abort.signal.reason)
    expect(error.summary).toMatchObject({ recipients: 6, accepted: 4, deferred: 2 })
    expect(crowd).toMatchObject({ asked: 6, isClosed: true })
  })

  test('that was aborted before asks for no recipients', async () => {
    const crowd = new Crowd(100)

    const error = await batchError(
      sendBatch(new FakeMailer(), template, crowd, { signal: AbortSignal.abort() }),
    )

    expect(error.summary.recipients).toBe(0)
    expect(crowd.asked).toBe(0)
  })

  test('frees a batch from a source that never answers', async () => {
    const abort = new AbortController()
    let isTold = false
    const source = {
      [Symbol.asyncIterator]: () => ({
        next: () => {
          setImmediate(() => abort.abort())
          return new Promise<never>(() => undefined)
        },
        return: () => {
          isTold = true
          return new Promise<never>(() => undefined)
        },
      }),
    }

    await batchError(sendBatch(new FakeMailer(), template, source, { signal: abort.signal }))

    expect(isTold).toBe(true)
  })

  test('keeps nothing in memory after a batch ended', async () => {
    const { signal } = new AbortController()
    const listeners = new Set<unknown>()
    const add = signal.addEventListener.bind(signal)
    signal.addEventListener = (type: string, listener: never) => {
      listeners.add(listener)
      add(type, listener)
    }
    const remove = signal.removeEventListener.bind(signal)
    signal.removeEventListener = (type: string, listener: never) => {
      listeners.delete(listener)
      remove(type, listener)
    }

    await sendBatch(new FakeMailer(), template, new Crowd(5), { signal })

    expect(listeners.size).toBe(0)
  })
})

describe('before anything is sent', () => {
  test.each([
    ['to', { ...template, to: 'ada@example.com' }],
    ['cc', { ...template, cc: 'ada@example.com' }],
    ['bcc', { ...template, bcc: 'ada@example.com' }],
    ['envelope', { ...template, envelope: { from: 'a@example.com', to: 'ada@example.com' } }],
    ['messageId', { ...template, messageId: '<1@example.com>' }],
    [
      'mailgun.recipientVariables',
      { ...template, mailgun: { recipientVariables: { 'ada@example.com': {} } } },
    ],
    ['message', { ...template, html: process.stdin }],
    ['message', { ...template, attachments: [{ content: process.stdin }] }],
  ])('refuses %s in the message', async (path, message) => {
    const mailer = new FakeMailer()
    const crowd = new Crowd(1)

    const error = await sendBatch(mailer, message, crowd).catch((reason: unknown) => reason)

    expect(error).toBeInstanceOf(InvalidOptionError)
    expect(error).toMatchObject({ path, code: 'ERR_MAILGUN_INVALID_MESSAGE' })
    expect(crowd.asked).toBe(0)
  })

  test.each([
    ['key', { key: '' }],
    ['key', { key: 'k'.repeat(256) }],
    ['key', { key: 'newsletter\n' }],
    ['concurrency', { concurrency: 0 }],
    ['concurrency', { concurrency: 1.5 }],
    ['maxRecipients', { maxRecipients: 1001 }],
    ['maxBytes', { maxBytes: 10 }],
    ['onReport', { onReport: 'console.log' as never }],
    ['signal', { signal: {} as AbortSignal }],
    ['idempotencyKey', { idempotencyKey: 'news' } as object],
  ])('refuses the setting %s that is wrong', async (path, settings) => {
    const error = await sendBatch(new FakeMailer(), template, new Crowd(1), settings).catch(
      (reason: unknown) => reason,
    )

    expect(error).toBeInstanceOf(InvalidOptionError)
    expect(error).toMatchObject({ path })
  })

  test.each([['ada@example.com'], [undefined], [{ to: addressOf(1) }]])(
    'refuses recipients that are not a list: %j',
    async (recipients) => {
      await expect(
        sendBatch(new FakeMailer(), template, recipients as never),
      ).rejects.toMatchObject({ path: 'recipients' })
    },
  )

  test.each([
    new InvalidOptionError('subject', 'must be a string', 'ERR_MAILGUN_INVALID_MESSAGE'),
    new ConfigError('The mailer is closed.', 'ERR_MAILGUN_CLOSED'),
  ])('hands on what is wrong with the message or the mailer: $code', async (wrong) => {
    const mailer = new FakeMailer(() => {
      throw wrong
    })

    await expect(sendBatch(mailer, template, new Crowd(3))).rejects.toBe(wrong)
  })
})
