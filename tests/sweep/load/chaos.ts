import type { MailgunEmulator } from '@mailgun-smtp/emulator'
import { faultAt } from '../faults/table/row.ts'

type Stage = 'ehlo' | 'auth' | 'mail' | 'rcpt' | 'data' | 'final'

const lost = [{ drop: true }, { end: true }] as const
const odd = [{ split: true }, { delay: 1 }] as const
const deferring = [{ reply: [451, 'Later'] }, { reply: [421, 'Closing'] }] as const
const refusing = [{ reply: [554, 'Never'] }] as const

/** What may go wrong at each stage. A login refused for good would rest for a minute, so there is none. */
const actions: Readonly<Record<Stage, readonly object[]>> = {
  ehlo: [...lost, ...odd],
  auth: [...lost, ...odd, { reply: [454, 'Later'] }],
  mail: [...lost, ...odd, ...deferring, ...refusing],
  rcpt: [...lost, ...odd, ...deferring, ...refusing],
  data: [...lost, ...odd, ...deferring, ...refusing],
  final: [
    ...['before-store', 'after-store'].flatMap((when) => [{ drop: when }, { end: when }]),
    ...odd,
    ...deferring,
    ...refusing,
  ],
}

/** Something, by chance, goes wrong at every nth command of all sessions together. */
export function callUpChaos(
  { faults }: MailgunEmulator,
  every: number,
  chance: () => number,
): void {
  let commands = 0
  for (const [at, some] of Object.entries(actions)) {
    let chosen = -1
    some.forEach((action, number) => {
      // Every rule of a stage is asked, the first one first: that one draws the lot.
      faults.when(
        () => {
          if (number === 0) {
            chosen = ++commands % every === 0 ? Math.floor(chance() * some.length) : -1
          }
          return chosen === number
        },
        faultAt(at as Stage, action),
      )
    })
  }
}
