import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { VirtualClock } from '../../src/clock.ts'
import type { Fault, Stage } from '../../src/faults/fault.ts'
import { readFault } from '../../src/faults/read-fault.ts'
import { stages, type FaultAction } from '../../src/faults/stages.ts'
import { openSmtp, type OpenSmtp } from '../clients/open-smtp.ts'
import type { Wire } from '../clients/wire.ts'
import type { Cell, Proofs } from '../fault-proofs/proof.ts'
import { specialProofs } from '../fault-proofs/special-proofs.ts'
import { reach, roundTrip, walk } from '../fault-proofs/stage-walk.ts'

const clock = new VirtualClock()
let smtp: OpenSmtp
beforeAll(async () => {
  smtp = await openSmtp({ clock })
})
beforeEach(() => smtp.faults.clear())
afterAll(() => smtp[Symbol.asyncDispose]())

/** Calls the fault up, goes to its stage, and closes behind the look at what came. */
async function strike(
  cell: Cell,
  action: object,
  look: (wire: Wire, due: string) => Promise<void>,
): Promise<void> {
  const port = cell.secure ? 'implicit' : 'starttls'
  const armed = smtp.faults.when(({ session }) => session.port === port && armed.fired === 0, {
    at: cell.stage,
    ...action,
  } as Fault)
  const wire = await reach(smtp, cell.stage, cell)
  await look(wire, dueAt(cell))
  expect(armed.fired).toBe(1)
  armed.remove()
  wire.close()
}

function dueAt({ stage, secure }: Cell): string {
  const due = walk[stage]?.due ?? ''
  return secure ? due.replace('250-PIPELINING\r\n250 STARTTLS', '250 PIPELINING') : due
}

/** Says what shows whether the command had its effect, or that the session goes on. */
async function expectNext(wire: Wire, { stage }: Cell, effect: 'done' | 'undone'): Promise<void> {
  const { next, closes } = walk[stage] ?? {}
  const hangsUp = closes && (effect === 'done' || stage === 'idle')
  if (hangsUp) {
    expect(await wire.untilOver()).toBe('')
    expect(wire.ending).toBe('end')
    return
  }
  // After STARTTLS the client's own handshake follows, or more in clear.
  if (stage === 'starttls' && effect === 'done') return wire.startTls(smtp.ca)
  const { said, [effect]: answer } = next ?? {
    said: 'NOOP\r\n',
    done: '250 OK\r\n',
    undone: '250 OK\r\n',
  }
  expect(await wire.ask(said, answer)).toBe(answer)
}

/** Every cell of a stage that has a reply, but for what is special there. */
const proofs: Proofs = {
  stall: (cell) =>
    strike(cell, { stall: true }, async (wire) => {
      await roundTrip(smtp)
      wire.send('NOOP\r\nNOOP\r\n')
      await roundTrip(smtp)
      clock.advance('10m')
      await roundTrip(smtp)
      expect([wire.received, wire.ending]).toEqual(['', undefined])
    }),
  drop: (cell) =>
    strike(cell, { drop: true }, async (wire) => {
      expect([await wire.untilOver(), wire.ending]).toEqual(['', 'reset'])
    }),
  end: (cell) =>
    strike(cell, { end: true }, async (wire) => {
      expect([await wire.untilOver(), wire.ending]).toEqual(['', 'end'])
    }),
  reply: async (cell) => {
    await strike(cell, { reply: [451, '4.7.1 try later'] }, async (wire) => {
      expect(await wire.until('later\r\n')).toBe('451 4.7.1 try later\r\n')
      await expectNext(wire, cell, 'undone')
    })
    await strike(cell, { reply: [550, ['no', 'not today']] }, async (wire) => {
      expect(await wire.until('today\r\n')).toBe('550-no\r\n550 not today\r\n')
    })
    const code = Number(dueAt(cell).slice(0, 3))
    await strike(cell, { reply: [code, 'as you wish'] }, async (wire) => {
      expect(await wire.until('wish\r\n')).toBe(`${code} as you wish\r\n`)
      await expectNext(wire, cell, 'done')
    })
  },
  delay: async (cell) => {
    // From before the stage on: on a busy machine this side may look later than the server begins to wait.
    const start = performance.now()
    await strike(cell, { delay: 60 }, async (wire, due) => {
      expect(await wire.until(due)).toBe(due)
      expect(performance.now() - start).toBeGreaterThan(55)
      await expectNext(wire, cell, 'done')
    })
  },
  garbage: async (cell) => {
    await strike(cell, { garbage: '\u0000HTTP/1.1 200 OK\n' }, async (wire) => {
      expect(await wire.until('OK\n')).toBe('\u0000HTTP/1.1 200 OK\n')
      await expectNext(wire, cell, 'done')
    })
    await strike(cell, { garbage: true }, async (wire) => {
      const noise = await wire.until('?\r\n')
      expect(noise).not.toMatch(/^\d{3}[ -]/m)
      expect(noise).toContain('\u0000')
    })
  },
  split: (cell) =>
    strike(cell, { split: true }, async (wire, due) => {
      while (wire.received.length < due.length) await roundTrip(smtp)
      expect(wire.received).toBe(due)
      expect(wire.sizes).toEqual(Array(due.length).fill(1))
      wire.forget()
      await expectNext(wire, cell, 'done')
    }),
  slow: async (cell) => {
    const start = performance.now()
    await strike(cell, { slow: 400 }, async (wire, due) => {
      while (wire.received.length < due.length) await roundTrip(smtp)
      expect(wire.received).toBe(due)
      // 20 bytes at once, twenty times a second.
      expect(wire.sizes.length).toBeGreaterThanOrEqual(Math.floor(due.length / 20))
      expect(performance.now() - start).toBeGreaterThan((due.length / 400) * 1_000 * 0.8)
      wire.forget()
      await expectNext(wire, cell, 'done')
    })
  },
}

// Their proofs go to either port by themselves; STARTTLS there is in clear only.
const provedOnBothPorts: ReadonlySet<Stage> = new Set(['connect', 'tls', 'starttls'])

const cells = Object.entries(stages).flatMap(([stage, { actions }]) =>
  Object.entries(actions).map(([action, cell]) => ({
    stage: stage as Stage,
    action: action as FaultAction,
    cell,
  })),
)

describe.each([
  ['in clear', false],
  ['in TLS', true],
] as const)('every fault of the table strikes as asked, %s', (_, secure) => {
  const there = cells.filter(
    ({ stage, cell }) => 'does' in cell && !(secure && provedOnBothPorts.has(stage)),
  )
  test.each(there)('$action at $stage', async ({ stage, action }) => {
    const proof = specialProofs[stage]?.[action] ?? (walk[stage] && proofs[action])

    expect(proof, 'a cell without a proof').toBeDefined()
    await proof?.({ smtp, clock, stage, secure })
  })
})

test.each(cells.filter(({ cell }) => 'not' in cell))(
  'there is no $action at $stage, and a sentence says why',
  ({ stage, action, cell }) => {
    const reason = 'not' in cell ? cell.not : ''

    expect(() => readFault({ at: stage, [action]: true })).toThrow(
      new TypeError(`There is no ${action} at ${stage}: ${reason}.`),
    )
  },
)
