import { setImmediate as turn } from 'node:timers/promises'
import type { Fault } from '@mailgun-smtp/emulator'
import { describe, expect, test } from 'vitest'
import { copiesOf, inScene, keepTo } from '../scene/scene.ts'
import { letter } from '../scene/verdict.ts'
import { nameOf, waysOver } from '../scene/ways.ts'

const kept = waysOver('starttls').filter(({ pool }) => pool)
const settings = { emulator: { clock: 'virtual' } } as const
const longerThanIdle = '6m'
/** Turns of the event loop in which no message can be handed over yet: the server has to be asked for it first. */
const handOver = 1

const endings: readonly { readonly what: string; readonly fault?: Fault }[] = [
  { what: '421' },
  { what: 'RST', fault: { at: 'idle', drop: true } },
  { what: 'FIN', fault: { at: 'idle', end: true } },
  { what: '421 without closing', fault: { at: 'idle', reply: [421, 'Closing'] } },
]

describe.concurrent.each(kept.map((way) => [nameOf(way), way] as const))('%s', (_name, way) => {
  test.each(endings)(
    'F9: $what on an idle connection is not an error, and the next message goes out once',
    ({ fault }) =>
      inScene(way, settings, async ({ emulator, mailer }) => {
        await mailer.send(letter)
        if (fault) emulator.faults.next(fault)
        emulator.clock.advance(longerThanIdle)
        await expect.poll(() => emulator.sessions[0]?.closedAt).toBeInstanceOf(Date)

        await expect(mailer.send(letter)).resolves.toMatchObject({ reply: { code: 250 } })
        expect(emulator.ledger.count()).toBe(2)
        expect(emulator.sessions).toHaveLength(2)
      }),
  )

  test.each(endings)(
    'F20: $what as the next message starts gives one copy and no error',
    ({ fault }) =>
      inScene(way, settings, async ({ emulator, mailer }) => {
        for (let turns = 0; turns <= handOver; turns++) {
          const messageId = `<next-${turns}@mg.example.com>`
          await mailer.send(letter)
          if (fault) emulator.faults.next(fault)

          const sending = mailer.send({ ...letter, messageId })
          for (let n = 0; n < turns; n++) await turn()
          emulator.clock.advance(longerThanIdle)

          await expect(sending, `after ${turns} turns`).resolves.toMatchObject({
            reply: { code: 250 },
          })
          expect(copiesOf(messageId, emulator)).toBe(1)
          emulator.faults.clear()
          keepTo(way, emulator)
        }
      }),
  )
})
