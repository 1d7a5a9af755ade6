import { describe, expect, test } from 'vitest'
import { chiefPortsOf, faults, portsOf } from './table/faults.ts'
import { sweepRow } from './table/sweep-row.ts'
import { waysOver } from '../scene/ways.ts'

/** What the short sweep leaves out: the other port. */
const rows = faults.flatMap((row) => {
  const ports = portsOf(row).filter((port) => !chiefPortsOf(row).includes(port))
  return ports.length > 0 ? [{ ...row, ports }] : []
})

describe.concurrent('every fault has the same true word on the other port', () => {
  test.each(rows)('$id: $what', async (row) => {
    const { cells, expected } = await sweepRow(row, row.ports.flatMap(waysOver))
    expect(cells).toMatchObject(expected)
  })
})
