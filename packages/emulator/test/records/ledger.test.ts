import { expect, test } from 'vitest'
import { Ledger } from '../../src/records/ledger.ts'

const submission = (messageId: string | undefined, ...recipients: string[]) => ({
  messageId,
  recipients,
  submissionId: `of ${messageId}`,
  sessionId: 's',
})

test('tells who got how many copies of what', () => {
  const ledger = new Ledger()
  ledger.enter(submission('<1@x>', 'ada@example.com', 'bob@example.com'))
  const second = ledger.enter(submission('<1@x>', 'ada@example.com'))
  ledger.enter(submission(undefined, 'Ada@Example.com'))
  second.acknowledged = true

  expect(ledger.copies({ messageId: '1@x', recipient: 'ada@example.com' })).toEqual([
    {
      messageId: '<1@x>',
      recipient: 'ada@example.com',
      submissionId: 'of <1@x>',
      sessionId: 's',
      acknowledged: false,
      at: expect.any(Date) as Date,
    },
    expect.objectContaining({ acknowledged: true }),
  ])
  expect(ledger.count({ messageId: '<1@x>' })).toBe(3)
  expect(ledger.count({ recipient: 'ADA@example.com' })).toBe(3)
  expect(ledger.count()).toBe(4)
  expect(ledger.count({ messageId: 'none' })).toBe(0)
  ledger.clear()
  expect([ledger.count(), ledger.copies({ messageId: '1@x' })]).toEqual([0, []])
})

test('forgets the oldest beyond its cap, and says how many', () => {
  const ledger = new Ledger({ entries: 1_000 })
  ledger.enter(submission('<0@x>', 'a@b.c', 'd@e.f'))
  expect(ledger.count({ messageId: '0@x' })).toBe(2)

  for (let at = 1; at <= 5_000; at++) ledger.enter(submission(`<${at}@x>`, 'a@b.c'))

  expect([ledger.count(), ledger.forgotten]).toEqual([1_000, 4_002])
  expect(ledger.count({ messageId: '0@x' })).toBe(0)
  expect(ledger.count({ messageId: '5000@x' })).toBe(1)
  expect(ledger.copies()[0]?.messageId).toBe('<4001@x>')
})
