import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Chunk } from '../../src/batch/chunk.ts'
import { readRow, type Row } from '../../src/batch/recipient.ts'
import { writeJson } from '../../src/options/json.ts'

const used = new Set(['first'])
const limits = { maxRecipients: 7, maxBytes: 400 }

const rowsArbitrary = fc
  .array(
    fc.dictionary(
      fc.oneof(fc.constantFrom('first', 'code', 'é"\\'), fc.string({ maxLength: 4 })),
      fc.oneof(
        fc.string({ maxLength: 60, unit: 'grapheme' }),
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
      ),
      { maxKeys: 5 },
    ),
    { maxLength: 40 },
  )
  .map((all) =>
    all.map((variables, index) =>
      readRow({ to: `r${index}@example.com`, variables }, index, new Map()),
    ),
  )

function cut(rows: readonly Row[]): Chunk[] {
  const chunks: Chunk[] = []
  let chunk = new Chunk(0, limits, used)
  for (const row of rows) {
    if (chunk.isFull || !chunk.add(row)) {
      chunks.push(chunk)
      chunk = new Chunk(chunks.length, limits, used)
      if (!chunk.add(row)) throw new Error('An empty chunk takes any row.')
    }
  }
  return [...chunks, chunk]
}

function bytesOf(chunk: Chunk): number {
  return writeJson(chunk.recipientVariables, 'recipientVariables').text.length
}

test('each row is in one chunk, in order, and no chunk is over its limits', () => {
  fc.assert(
    fc.property(rowsArbitrary, (rows) => {
      const chunks = cut(rows)

      expect(chunks.flatMap((chunk) => chunk.rows.map(({ index }) => index))).toEqual(
        rows.map(({ index }) => index),
      )
      for (const chunk of chunks) {
        expect(chunk.rows.length).toBeLessThanOrEqual(limits.maxRecipients)
        expect(bytesOf(chunk)).toBeLessThanOrEqual(limits.maxBytes)
      }
    }),
  )
})

test('a chunk ends only where the next row does not fit', () => {
  fc.assert(
    fc.property(rowsArbitrary, (rows) => {
      const chunks = cut(rows)

      chunks.slice(1).forEach((chunk, at) => {
        const before = chunks[at]
        const next = chunk.rows[0]
        if (!before || before.isFull || !next?.addressee) return
        const joined = new Chunk(0, { maxRecipients: 1000, maxBytes: 1e6 }, used)
        for (const row of [...before.rows, next]) joined.add(row)
        // A comma may be counted that an object does not need.
        expect(bytesOf(joined) + joined.rows.length).toBeGreaterThanOrEqual(limits.maxBytes)
      })
    }),
  )
})

test('each recipient of a chunk has every variable of it', () => {
  fc.assert(
    fc.property(rowsArbitrary, (rows) => {
      for (const chunk of cut(rows)) {
        const all = Object.values(chunk.recipientVariables).map((variables) =>
          Object.keys(variables).toSorted(),
        )
        for (const names of all) expect(names).toEqual(all[0])
        for (const names of all) expect(names).toContain('first')
      }
    }),
  )
})
