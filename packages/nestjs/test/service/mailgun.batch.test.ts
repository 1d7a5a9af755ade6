import { BatchError, type Recipients } from '@mailgun-smtp/core'
import { createOutbox, type Outbox } from '@mailgun-smtp/core/testing'
import { Test, type TestingModule } from '@nestjs/testing'
import { lastValueFrom, retry, take, tap, toArray } from 'rxjs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MailgunService, withMailgunOptions, type BatchProgress } from '../../src/index.ts'
import { MailgunTestingModule } from '../../src/testing/index.ts'

const letter = { from: 'news@mg.example.com', subject: 'Hello', text: 'Hello %recipient.name%' }
const readers = ['ada', 'alan', 'grace'].map((name) => ({
  to: `${name}@example.com`,
  variables: { name },
}))

let outbox: Outbox
let module: TestingModule
let mail: MailgunService

beforeEach(async () => {
  outbox = createOutbox()
  module = await Test.createTestingModule({
    imports: [MailgunTestingModule.forRoot({ outbox })],
  }).compile()
  mail = module.get(MailgunService)
})
afterEach(() => module.close())

describe('sendBatch', () => {
  it('sends each recipient a copy of their own, with the options of the scope', async () => {
    const summary = await withMailgunOptions({ tags: ['news'] }, () =>
      mail.sendBatch(letter, readers),
    )

    expect(summary).toMatchObject({ recipients: 3, accepted: 3, chunks: 1 })
    expect(outbox.messages.map(({ options }) => options)).toEqual([
      {
        tags: ['news'],
        recipientVariables: Object.fromEntries(readers.map(({ to, variables }) => [to, variables])),
      },
    ])
  })
})

describe('sendBatch$', () => {
  it('reports every recipient as it goes, and none before it is subscribed to', async () => {
    const batch = mail.sendBatch$(letter, readers, { maxRecipients: 2 })
    const before = outbox.messages.length

    const progress = await lastValueFrom(batch.pipe(toArray()))

    expect(before).toBe(0)
    expect(
      progress.map(({ report, soFar }) => [report.to, report.outcome, soFar.recipients]),
    ).toEqual([
      ['ada@example.com', 'accepted', 1],
      ['alan@example.com', 'accepted', 2],
      ['grace@example.com', 'accepted', 3],
    ])
    expect(outbox.messages).toHaveLength(2)
  })

  it('takes the options of the scope where it is called, and tells in that of the subscriber', async () => {
    const batch = withMailgunOptions({ tags: ['called'] }, () => mail.sendBatch$(letter, readers))

    const telling: BatchProgress[] = []
    await withMailgunOptions({ tags: ['subscribed'] }, () =>
      lastValueFrom(
        batch.pipe(
          tap((progress) => {
            telling.push(progress)
            void mail.send({ ...letter, to: 'log@example.com' })
          }),
        ),
      ),
    )

    await outbox.waitFor({ to: 'log@example.com', tag: 'subscribed' })
    expect(telling).toHaveLength(3)
    expect(outbox.messages[0]?.options.tags).toEqual(['called'])
  })

  it('stops the batch when it is unsubscribed from, and asks for no more recipients', async () => {
    const asked: string[] = []
    const released = withResolvers()
    function* source(): Generator<{ to: string }> {
      try {
        for (const { to } of readers) {
          asked.push(to)
          yield { to }
        }
      } finally {
        released.resolve()
      }
    }

    await lastValueFrom(mail.sendBatch$(letter, source(), { maxRecipients: 1 }).pipe(take(1)))

    await released.promise
    expect(outbox.messages).toHaveLength(1)
    expect(asked.length).toBeLessThan(3)
  })

  it('goes on where it stopped when it is subscribed to again with its key', async () => {
    let runs = 0
    const recipients: Recipients = {
      *[Symbol.iterator]() {
        runs += 1
        yield* readers.slice(0, 2)
        if (runs === 1) throw new Error('the database is gone')
        yield* readers.slice(2)
      },
    }
    const batch = mail.sendBatch$(letter, recipients, { key: 'march', maxRecipients: 1 })

    const { soFar } = await lastValueFrom(batch.pipe(retry(1)))

    expect(soFar).toMatchObject({ recipients: 3, accepted: 3 })
    expect(outbox.messages.map(({ envelope }) => envelope.to)).toEqual(
      readers.map(({ to }) => [to]),
    )
  })

  it('ends with a BatchError when the caller aborts', async () => {
    const abort = new AbortController()
    abort.abort()

    const batch = lastValueFrom(mail.sendBatch$(letter, readers, { signal: abort.signal }))

    await expect(batch).rejects.toThrow(BatchError)
    expect(outbox.messages).toEqual([])
  })
})

function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => {}
  const promise = new Promise<void>((done) => {
    resolve = done
  })
  return { promise, resolve }
}
