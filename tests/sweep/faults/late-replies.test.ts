import { describe, expect, test } from 'vitest'
import { shortEnd } from './table/deadlines.ts'
import { inScene } from '../scene/scene.ts'
import { letter, settle } from '../scene/verdict.ts'
import { nameOf, waysOver } from '../scene/ways.ts'

describe.concurrent.each(waysOver('starttls').map((way) => [nameOf(way), way] as const))(
  '%s',
  (_name, way) => {
    test('F21: a reply that comes too late does not belong to a later message', () =>
      inScene(way, { config: shortEnd }, async ({ emulator, mailer }) => {
        emulator.faults.next({ at: 'final', delay: 5000 })
        const late = await settle(mailer.send(letter))
        expect(late).toMatchObject({ error: { outcome: 'unknown' } })

        for (let n = 0; n < 20; n++) {
          emulator.faults.next({ at: 'final', reply: [250, `token ${n}`] })
          await expect(mailer.send(letter)).resolves.toMatchObject({
            reply: { serverText: `token ${n}` },
          })
        }
        expect(emulator.ledger.count()).toBe(21)
      }))
  },
)
