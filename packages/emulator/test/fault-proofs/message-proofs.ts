import { expect } from 'vitest'
import type { Fault } from '../../src/faults/fault.ts'
import type { Wire } from '../clients/wire.ts'
import type { Cell, Proofs } from './proof.ts'
import { reach, roundTrip } from './stage-walk.ts'

const head = 'Message-ID: <body@x>\r\n\r\n0123456789'
const rest = 'abcdefghij\r\n.\r\n'

async function inBody(cell: Cell, fault: object): Promise<Wire> {
  const { smtp } = cell
  smtp.faults.next({ at: 'body', afterBytes: head.length, ...fault } as Fault)
  const wire = await reach(smtp, 'data', cell)
  await wire.until('Continue\r\n')
  wire.send(head)
  await roundTrip(smtp)
  expect([wire.received, wire.ending]).toEqual(['', undefined])
  wire.send(rest)
  return wire
}

export const bodyProofs: Proofs = {
  reply: async (cell) => {
    const before = cell.smtp.kept.length
    const wire = await inBody(cell, { reply: [552, ['too', 'much']] })
    expect(await wire.until('much\r\n')).toBe('552-too\r\n552 much\r\n')
    // The end of the message got no reply of its own.
    expect(await wire.ask('NOOP\r\n', 'OK\r\n')).toBe('250 OK\r\n')
    expect(cell.smtp.kept).toHaveLength(before)
    wire.close()
  },
  delay: async (cell) => {
    const start = performance.now()
    const wire = await inBody(cell, { delay: 60 })
    expect(await wire.until('success\r\n')).toBe('250 Great success\r\n')
    expect(performance.now() - start).toBeGreaterThan(50)
    expect(cell.smtp.kept.at(-1)?.raw.toString()).toBe(`${head}abcdefghij\r\n`)
    wire.close()
  },
  stall: async (cell) => {
    const wire = await inBody(cell, { stall: true })
    await roundTrip(cell.smtp)
    expect([wire.received, wire.ending]).toEqual(['', undefined])
    wire.close()
  },
  drop: async (cell) => {
    const wire = await inBody(cell, { drop: true })
    expect([await wire.untilOver(), wire.ending]).toEqual(['', 'reset'])
  },
  end: async (cell) => {
    const wire = await inBody(cell, { end: true })
    expect([await wire.untilOver(), wire.ending]).toEqual(['', 'end'])
  },
  garbage: async (cell) => {
    const wire = await inBody(cell, { garbage: Buffer.from([1, 2, 10]) })
    expect(await wire.until('success\r\n')).toBe('\u0001\u0002\n250 Great success\r\n')
    wire.close()
  },
  slow: async (cell) => {
    const start = performance.now()
    const wire = await inBody(cell, { slow: 100 })
    expect(await wire.until('success\r\n')).toBe('250 Great success\r\n')
    // The last piece needs no pause after it.
    expect(performance.now() - start).toBeGreaterThan(90)
    wire.close()
  },
}

/** Whether the message is kept, how its copy stands in the ledger, and how the wire ends. */
async function loses(
  cell: Cell,
  action: 'stall' | 'drop' | 'end',
  ending: 'reset' | 'end' | undefined,
): Promise<void> {
  const { smtp } = cell
  for (const [when, copies] of [
    ['before-store', 0],
    ['after-store', 1],
  ] as const) {
    smtp.ledger.clear()
    const before = smtp.kept.length
    const fault: object = { at: 'final', [action]: when }
    smtp.faults.next(fault as Fault)
    const wire = await reach(smtp, 'final', cell)
    if (ending) await wire.untilOver()
    await roundTrip(smtp)
    expect([wire.received, wire.ending]).toEqual(['', ending])
    expect(smtp.kept).toHaveLength(before + copies)
    const entries = smtp.ledger.copies({ messageId: '1@x' })
    expect(entries.map(({ recipient, acknowledged }) => [recipient, acknowledged])).toEqual(
      Array(copies).fill(['d@e.f', false]),
    )
    wire.close()
  }
}

export const finalProofs: Proofs = {
  stall: (cell) => loses(cell, 'stall', undefined),
  drop: (cell) => loses(cell, 'drop', 'reset'),
  end: (cell) => loses(cell, 'end', 'end'),
  reply: async (cell) => {
    const { smtp } = cell
    for (const [code, copies] of [
      [451, 0],
      [554, 0],
      [354, 0],
      [252, 1],
    ] as const) {
      smtp.ledger.clear()
      smtp.faults.next({ at: 'final', reply: [code, ['well', 'now']] })
      const wire = await reach(smtp, 'final', cell)
      expect(await wire.until('now\r\n')).toBe(`${code}-well\r\n${code} now\r\n`)
      expect(smtp.ledger.copies().map(({ acknowledged }) => acknowledged)).toEqual(
        Array(copies).fill(true),
      )
      expect(await wire.ask(`NOOP\r\n`, 'OK\r\n')).toBe('250 OK\r\n')
      wire.close()
    }
  },
}
