import { runCell, type Cell } from './cell.ts'
import type { Row } from './row.ts'
import { isLike } from '../../scene/verdict.ts'
import { nameOf, type Way } from '../../scene/ways.ts'

/** The cells of a row by the names of their ways, as they are and as they have to be. */
export interface SweptRow {
  readonly cells: Readonly<Record<string, Cell>>
  readonly expected: Readonly<Record<string, Partial<Cell>>>
}

/** Runs a row in every one of the ways at once. */
export async function sweepRow(row: Row, ways: readonly Way[]): Promise<SweptRow> {
  const cells = await Promise.all(
    ways.map(async (way) => [nameOf(way), await runCell(row, way)] as const),
  )
  const allowed = [row.expected].flat()
  const expected = cells.map(([name, cell]) => {
    const fitting = allowed.find((verdict) => isLike(cell, verdict)) ?? allowed[0]
    return [name, { ...fitting, breaches: [] }] as const
  })
  return { cells: Object.fromEntries(cells), expected: Object.fromEntries(expected) }
}
