import { describe, expect, test } from 'vitest'
import { chiefPortsOf, faults } from './faults.ts'
import { sweepRow } from './sweep-row.ts'
import { waysOver } from './ways.ts'

describe.concurrent('every fault has one true word, single and pooled, with PIPELINING and without', () => {
  test.each(faults)('$id: $what', async (row) => {
    const { cells, expected } = await sweepRow(row, chiefPortsOf(row).flatMap(waysOver))
    expect(cells).toMatchObject(expected)
  })
})
