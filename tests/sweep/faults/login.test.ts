import { DeliveryError } from '@mailgun-smtp/core'
import type { MailgunEmulator } from '@mailgun-smtp/emulator'
import { describe, expect, test } from 'vitest'
import { heardBy, inScene } from '../scene/scene.ts'
import { letter } from '../scene/verdict.ts'
import { nameOf, waysOver } from '../scene/ways.ts'

const logins = (emulator: MailgunEmulator): number =>
  heardBy(emulator).filter((line) => line.startsWith('AUTH')).length

/** What the server offers in place of PLAIN and LOGIN. */
const offers = [
  { what: 'no login at all', lines: ['4e119dd77b0c', 'SIZE 52428800'] },
  { what: 'XOAUTH2 alone', lines: ['4e119dd77b0c', 'AUTH XOAUTH2'] },
]

function offer({ faults }: MailgunEmulator, lines: readonly string[]): void {
  faults.always({ at: 'ehlo', reply: [250, lines] })
  faults.always({ at: 'auth', reply: [504, 'Unrecognized authentication type'] })
}

describe.concurrent.each(waysOver('implicit').map((way) => [nameOf(way), way] as const))(
  '%s',
  (_name, way) => {
    test('F7: a refused login is tried once by a hundred messages, and names the cure', () =>
      inScene(
        way,
        { config: { auth: { user: 'postmaster@mg.example.com', pass: 'wrong' } } },
        async ({ emulator, mailer }) => {
          const sends = Array.from({ length: 100 }, () => mailer.send(letter))
          for (const sent of await Promise.allSettled(sends)) {
            expect(sent).toMatchObject({
              status: 'rejected',
              reason: {
                code: 'ERR_MAILGUN_AUTH',
                outcome: 'deferred',
                fault: 'account',
                retryable: false,
                cure: expect.stringContaining('SMTP login') as unknown,
              },
            })
          }
          await expect(mailer.send(letter)).rejects.toBeInstanceOf(DeliveryError)
          expect(logins(emulator)).toBe(1)
          expect(emulator.ledger.count()).toBe(0)
        },
      ))

    test.each(offers)(
      'F23: a server that offers $what is an error of the login, told at once',
      ({ lines }) =>
        inScene(
          way,
          { before: (emulator) => offer(emulator, lines) },
          async ({ emulator, mailer }) => {
            await expect(mailer.send(letter)).rejects.toMatchObject({
              code: 'ERR_MAILGUN_AUTH',
              outcome: 'deferred',
              fault: 'account',
              retryable: false,
              attempts: 1,
            })
            expect(heardBy(emulator).filter((line) => line.startsWith('MAIL'))).toEqual([])
          },
        ),
    )
  },
)
