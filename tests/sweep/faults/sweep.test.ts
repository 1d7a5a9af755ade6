import { describe, expect, test } from 'vitest'
import { chiefPortsOf, faults } from './table/faults.ts'
import { sweepRow } from './table/sweep-row.ts'
import { waysOver } from '../scene/ways.ts'

describe.concurrent('every fault has one true word, single and pooled, with PIPELINING and without', () => {
  test.each(faults)('$id: $what', async (row) => {
    const { cells, expected } = await sweepRow(row, chiefPortsOf(row).flatMap(waysOver))
    expect(cells).toMatchObject(expected)
  })
})
