import { setImmediate as turn } from 'node:timers/promises'
import { Readable } from 'node:stream'
import type { Fault, MailgunEmulator } from '@mailgun-smtp/emulator'
import { describe, expect, test } from 'vitest'
import { copiesOf, heardBy, inScene } from '../scene/scene.ts'
import { letter, settle, verdictOf } from '../scene/verdict.ts'
import { nameOf, waysOver } from '../scene/ways.ts'

const messageId = '<first@mg.example.com>'

/** Calls the fault up, and resolves when it strikes. */
function struck({ faults }: MailgunEmulator, fault: Fault): Promise<void> {
  return new Promise((resolve) => {
    faults.when(() => {
      resolve()
      return true
    }, fault)
  })
}

/** A body that begins and never ends. */
function unending(): Readable {
  const body = new Readable({ read: () => undefined })
  body.push(Buffer.alloc(100_000, 'x'))
  return body
}

const stores = [
  { stall: 'before-store', copies: 0 },
  { stall: 'after-store', copies: 1 },
] as const

describe.concurrent.each(waysOver('starttls').map((way) => [nameOf(way), way] as const))(
  '%s',
  (_name, way) => {
    test.each(stores)(
      'F4: a caller who aborts after the dot, $stall, is told that the outcome is unknown',
      ({ stall, copies }) =>
        inScene(way, {}, async ({ emulator, mailer }) => {
          const controller = new AbortController()
          const isAtDot = struck(emulator, { at: 'final', stall })
          const sending = settle(
            mailer.send({ ...letter, messageId }, { signal: controller.signal }),
          )
          await isAtDot
          await turn()
          controller.abort()

          expect(verdictOf(await sending, copiesOf(messageId, emulator))).toMatchObject({
            outcome: 'unknown',
            code: 'ERR_MAILGUN_ABORTED',
            attempts: 1,
            copies,
          })
        }),
    )

    test.each(stores)(
      'F4: a mailer closed by force after the dot, $stall, says that the outcome is unknown',
      ({ stall, copies }) =>
        inScene(way, {}, async ({ emulator, mailer }) => {
          const isAtDot = struck(emulator, { at: 'final', stall })
          const sending = settle(mailer.send({ ...letter, messageId }))
          await isAtDot
          await turn()
          await mailer.close({ within: 1 })

          expect(verdictOf(await sending, copiesOf(messageId, emulator))).toMatchObject({
            outcome: 'unknown',
            attempts: 1,
            copies,
          })
        }),
    )

    test('F5: a caller who aborts before the body ends is told that nothing was taken, and no dot was sent', () =>
      inScene(way, {}, async ({ emulator, mailer }) => {
        const controller = new AbortController()
        const isInBody = struck(emulator, { at: 'body', afterBytes: 1000, delay: 0 })
        const attachments = [{ filename: 'long.txt', content: unending() }]
        const sending = settle(
          mailer.send({ ...letter, messageId, attachments }, { signal: controller.signal }),
        )
        await isInBody
        controller.abort()

        expect(verdictOf(await sending, copiesOf(messageId, emulator))).toMatchObject({
          outcome: 'deferred',
          code: 'ERR_MAILGUN_ABORTED',
          attempts: 1,
          copies: 0,
        })
        expect(emulator.ledger.count()).toBe(0)
        expect(heardBy(emulator)).toContain('DATA')
      }))
  },
)

const stops = [
  { how: 'by its deadline', deadlines: { untilBody: 200 } },
  { how: 'by its caller', abortsAfter: 200 },
  { how: 'by the shutdown', closesWithin: 200 },
] as const

describe.concurrent.each(waysOver('implicit').map((way) => [nameOf(way), way] as const))(
  '%s',
  (_name, way) => {
    test.each<{ how: string; deadlines?: object; abortsAfter?: number; closesWithin?: number }>(
      stops,
    )(
      'F13: a send that is stopped $how while it connects leaves nothing',
      ({ deadlines, abortsAfter, closesWithin }) => {
        const config = { retry: false, deadlines: { connect: 60_000, ...deadlines } } as const
        return inScene(way, { config }, async ({ emulator, mailer }) => {
          const isConnected = struck(emulator, { at: 'connect', stall: true })
          const signal = abortsAfter === undefined ? undefined : AbortSignal.timeout(abortsAfter)
          const sending = settle(mailer.send({ ...letter, messageId }, { signal }))
          await isConnected
          if (closesWithin !== undefined) await mailer.close({ within: closesWithin })

          expect(verdictOf(await sending, 0)).toMatchObject({ outcome: 'deferred', copies: 0 })
        })
      },
    )
  },
)
