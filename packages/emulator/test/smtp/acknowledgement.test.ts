import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { VirtualClock } from '../../src/clock.ts'
import type { Fault } from '../../src/faults/fault.ts'
import { replies } from '../../src/smtp/replies.ts'
import { reach, roundTrip } from '../fault-proofs/stage-walk.ts'
import { openSmtp, plainLogin, type OpenSmtp } from '../clients/open-smtp.ts'
import { Wire } from '../clients/wire.ts'

const clock = new VirtualClock()
let smtp: OpenSmtp
beforeEach(async () => {
  smtp = await openSmtp({ clock })
})
afterEach(() => smtp[Symbol.asyncDispose]())

describe('a copy counts as acknowledged', () => {
  test.each([
    ['without a fault', undefined, true],
    ['after a delay', { delay: 1 }, true],
    ['in other words', { reply: [250, 'fine'] }, true],
    ['byte by byte', { split: true }, true],
    ['slowly', { slow: 100_000 }, true],
    ['garbled', { garbage: '250 Great success?' }, false],
    ['never, of a message kept before the drop', { drop: 'after-store' }, false],
    ['never, of a message kept before the end', { end: 'after-store' }, false],
    ['never, of a message kept before the silence', { stall: 'after-store' }, false],
  ])('%s', async (_, action, acknowledged) => {
    if (action) smtp.faults.next({ at: 'final', ...action } as Fault)

    const wire = await reach(smtp, 'final', { secure: false, clock })

    while (!/250 [Gf].*\r\n$/.test(wire.received) && acknowledged) await roundTrip(smtp)
    await roundTrip(smtp)
    const [session] = smtp.records.list()
    expect(smtp.ledger.copies({ messageId: '1@x' })).toEqual([
      {
        messageId: '<1@x>',
        recipient: 'd@e.f',
        submissionId: '1',
        sessionId: session?.id,
        acknowledged,
        at: clock.now(),
      },
    ])
    wire.close()
  })

  test('not if the client is gone before the reply', async () => {
    smtp.faults.next({ at: 'final', delay: 40 })
    const wire = await reach(smtp, 'final', { secure: false, clock })
    while (smtp.ledger.count() === 0) await roundTrip(smtp)
    wire.close()
    while (smtp.records.list()[0]?.closedAt === undefined) await roundTrip(smtp)

    expect(smtp.ledger.copies()).toMatchObject([{ acknowledged: false }])
  })
})

test('a lost acknowledgement makes two copies when the client sends again', async () => {
  smtp.faults.next({ at: 'final', drop: 'after-store' })
  const first = await reach(smtp, 'final', { secure: true, clock })
  await first.untilOver()
  const second = await reach(smtp, 'final', { secure: true, clock })
  await second.until('success\r\n')

  const copies = smtp.ledger.copies({ messageId: '<1@x>', recipient: 'd@e.f' })
  expect(copies.map(({ acknowledged }) => acknowledged)).toEqual([false, true])
  expect(new Set(copies.map(({ sessionId }) => sessionId)).size).toBe(2)
  expect(first.ending).toBe('reset')
  second.close()
})

test('a message that cannot be kept is answered 451, and is in no ledger', async () => {
  await using broken = await openSmtp({
    policy: {
      accept: () => {
        throw new Error('the folder is full')
      },
    },
  })

  const wire = await reach(broken, 'final', { secure: false, clock })

  expect(await wire.until('\r\n')).toBe('451 Requested action aborted: error in processing\r\n')
  expect(broken.ledger.count()).toBe(0)
  expect(broken.records.list()[0]?.lines.map(({ text }) => text)).toContainEqual(
    expect.stringContaining('the folder is full') as string,
  )
  expect(await wire.ask('NOOP\r\n', 'OK\r\n')).toBe('250 OK\r\n')
  wire.close()
})

test('asks its policy at each step, says what it says, and goes on where Mailgun would', async () => {
  const no = replies.relayingDenied
  const refusing = { sender: 0, recipient: 0, data: 0, message: 0 }
  const once = (step: keyof typeof refusing) => () => (refusing[step]++ === 0 ? no : undefined)
  await using judged = await openSmtp({
    policy: {
      sender: once('sender'),
      recipient: once('recipient'),
      data: once('data'),
      message: once('message'),
    },
  })
  const wire = await Wire.open(judged)
  await wire.until('ready\r\n')
  await wire.ask(`EHLO x\r\nAUTH PLAIN ${plainLogin}\r\n`, 'successful\r\n')
  const denied = '550 5.7.1 Relaying denied\r\n'
  const ask = (line: string): Promise<string> => wire.ask(`${line}\r\n`, '\r\n')

  expect(await ask('MAIL FROM:<a@b.c>')).toBe(denied)
  expect(await ask('MAIL FROM:<a@b.c>')).toMatch(/^250/)
  expect(await ask('RCPT TO:<d@e.f>')).toBe(denied)
  expect(await ask('RCPT TO:<d@e.f>')).toMatch(/^250/)
  expect(await ask('DATA')).toBe(denied)
  // The transaction is over, the session is not.
  expect(await ask('MAIL FROM:<a@b.c>')).toMatch(/^250/)
  expect(await ask('RCPT TO:<d@e.f>')).toMatch(/^250/)
  expect(await ask('DATA')).toMatch(/^354/)
  expect(await ask('Subject: x\r\n\r\n.')).toBe(denied)
  expect(judged.kept).toEqual([])
  wire.close()
})
