import { DeliveryError } from '@mailgun-smtp/core'
import type { FaultMoment, MailgunEmulator } from '@mailgun-smtp/emulator'
import { describe, expect, test } from 'vitest'
import { copiesOf, heardBy, inScene } from '../scene/scene.ts'
import { letter } from '../scene/verdict.ts'
import { nameOf, waysOver } from '../scene/ways.ts'

const messageId = '<first@mg.example.com>'

function given(word: string): (moment: FaultMoment) => boolean {
  return ({ to }) => to.at(-1)?.includes(word) === true
}

/** Who is called gone is never taken; who is called busy, not at first, for so many times. */
function refuse({ faults }: MailgunEmulator, busyTimes: number): void {
  let left = busyTimes
  faults.when(given('gone'), { at: 'rcpt', reply: [550, 'No such user'] })
  faults.when((moment) => given('busy')(moment) && left-- > 0, {
    at: 'rcpt',
    reply: [451, 'Later'],
  })
}

describe.concurrent.each(waysOver('starttls').map((way) => [nameOf(way), way] as const))(
  '%s',
  (_name, way) => {
    test('F10: of mixed recipients only the deferred ones are tried again', () =>
      inScene(way, { before: (emulator) => refuse(emulator, 1) }, async ({ emulator, mailer }) => {
        const to = ['ada@example.com', 'gone@example.com', 'busy@example.com']
        const receipt = await mailer.send({ ...letter, to, messageId })

        expect(receipt).toMatchObject({
          attempts: 2,
          accepted: ['ada@example.com', 'busy@example.com'],
          refused: [{ address: 'gone@example.com', outcome: 'rejected', reply: { code: 550 } }],
        })
        expect(copiesOf(messageId, emulator)).toBe(1)
        expect(emulator.ledger.count({ messageId })).toBe(2)
        expect(heardBy(emulator).filter((line) => line.startsWith('RCPT'))).toHaveLength(4)
      }))

    test('F10: one who stays deferred is named, and the others got theirs', () =>
      inScene(way, { before: (emulator) => refuse(emulator, 99) }, async ({ emulator, mailer }) => {
        const to = ['ada@example.com', 'busy@example.com']
        const receipt = await mailer.send({ ...letter, to, messageId })

        expect(receipt).toMatchObject({
          attempts: 3,
          accepted: ['ada@example.com'],
          refused: [{ address: 'busy@example.com', outcome: 'deferred', reply: { code: 451 } }],
        })
        expect(emulator.ledger.count({ messageId })).toBe(1)
      }))

    test('F11: when all are refused, only one of them for now, that one alone is tried again', () =>
      inScene(way, { before: (emulator) => refuse(emulator, 99) }, async ({ emulator, mailer }) => {
        const to = ['gone@example.com', 'busy@example.com', 'gone-too@example.com']
        const error: unknown = await mailer
          .send({ ...letter, to, messageId })
          .catch((reason: unknown) => reason)

        expect(error).toMatchObject({ outcome: 'deferred', attempts: 3 })
        expect((error as DeliveryError).refused).toMatchObject([
          { address: 'gone@example.com', outcome: 'rejected' },
          { address: 'busy@example.com', outcome: 'deferred' },
          { address: 'gone-too@example.com', outcome: 'rejected' },
        ])
        expect(heardBy(emulator).filter((line) => line.startsWith('RCPT'))).toHaveLength(5)
        expect(emulator.ledger.count()).toBe(0)
      }))
  },
)
