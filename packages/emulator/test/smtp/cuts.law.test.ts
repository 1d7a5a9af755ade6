import { expect, test } from 'vitest'
import { realClock } from '../../src/clock.ts'
import { FaultPlan } from '../../src/faults/plan.ts'
import { seededRandom } from '../../src/faults/random.ts'
import { Ledger } from '../../src/records/ledger.ts'
import { SessionRecords } from '../../src/records/session-records.ts'
import { ByteBudget } from '../../src/smtp/byte-budget.ts'
import type { Connection } from '../../src/smtp/connection.ts'
import { mailgunLimits } from '../../src/smtp/limits.ts'
import { Session } from '../../src/smtp/session.ts'
import { plainLogin } from '../clients/open-smtp.ts'

const message = 'Subject: a\r\n\r\n.dot\r\n..\r\n\r\n.\n.\r\nend\r\n'
const conversation = Buffer.from(
  [
    'EHLO x',
    `AUTH PLAIN ${plainLogin}`,
    'MAIL FROM:<a@b.c> SIZE=10',
    'RCPT TO:<d@e.f>',
    'RCPT TO:<ä@e.f>',
    'DATA',
    `${message.replace(/(?<=\r\n)\./g, '..')}.`,
    'MAIL FROM:<second@b.c>',
    'RCPT TO:<bad>',
    'RCPT TO:<d@e.f>',
    'DATA',
    '.',
    'QUIT',
    '',
  ].join('\r\n'),
)

const budget = new ByteBudget(1_000)
const records = new SessionRecords({ sessions: 10 })

/** One session without a socket: what it said, what it kept, and how its connection ended. */
function converse(cuts: readonly number[]): unknown {
  const kept: unknown[] = []
  let said = ''
  let ends = 0
  const connection: Connection = {
    write: (bytes) => {
      said += bytes.toString()
      return true
    },
    end: () => void ends++,
    startTls: () => undefined,
    hold: () => undefined,
    drop: () => undefined,
    tlsVersion: () => undefined,
  }
  const session = new Session(
    connection,
    'starttls',
    {
      policy: {
        serverId: '0123456789ab',
        needsLogin: true,
        login: () => undefined,
        sender: () => undefined,
        recipient: () => undefined,
        data: () => undefined,
        message: () => undefined,
        accept: ({ envelope, raw }) => {
          kept.push({ envelope, raw: raw.toString() })
          return { id: '1', messageId: undefined, recipients: envelope.to }
        },
      },
      faults: new FaultPlan(),
      records,
      ledger: new Ledger(),
      clock: realClock(),
      limits: mailgunLimits,
      budget,
    },
    1,
  )
  session.start()
  let from = 0
  for (const cut of [...cuts, conversation.length]) {
    session.receive(conversation.subarray(from, cut))
    from = cut
  }
  session.closed(undefined)
  return { said, kept, ends }
}

test('10,000 ways to cut a conversation into packets make the same conversation', () => {
  const whole = converse([])
  expect(whole).toMatchObject({
    kept: [
      { envelope: { from: 'a@b.c', to: ['d@e.f', 'ä@e.f'] }, raw: message },
      { envelope: { from: 'second@b.c', to: ['d@e.f'] }, raw: '' },
    ],
    ends: 1,
  })
  const random = seededRandom(1)

  for (let run = 0; run < 10_000; run++) {
    const count = 1 + Math.floor(random() * 40)
    const cuts = Array.from({ length: count }, () => Math.floor(random() * conversation.length))
    expect(converse(cuts.toSorted((one, other) => one - other))).toEqual(whole)
  }
  expect(converse([...conversation.keys()])).toEqual(whole)
  // Nothing of any message is still reserved.
  expect(budget.take(1_000)).toBe(true)
})
