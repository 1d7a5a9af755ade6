import { describe, expect, test } from 'vitest'
import { untrueCuts, openForCuts, sendThrough, truthAt, truthUncut, wholeSession } from './cuts.ts'
import { nameOf, waysOver } from './ways.ts'

const upTo = (count: number): number[] => [...Array(count).keys()]

describe.each(waysOver('starttls').map((way) => [nameOf(way), way] as const))(
  '%s',
  (_name, way) => {
    test.each(['end', 'drop'] as const)(
      'F1, F3: a session that ends at any byte of the replies (%s) comes to its true word',
      async (how) => {
        await using emulator = await openForCuts(way)
        const session = await wholeSession(emulator, way)
        const cut = { how, connections: [1] }

        const untrue = await untrueCuts(
          upTo(session.bytes),
          (after) => sendThrough(emulator, way, { ...cut, after }),
          (after) => truthAt(after, session, { ...cut, after }),
        )

        expect(untrue).toEqual([])
      },
    )

    test('F19: replies split at any byte are the same replies', async () => {
      await using emulator = await openForCuts(way)
      const { bytes } = await wholeSession(emulator, way)

      const untrue = await untrueCuts(
        upTo(bytes),
        (after) => sendThrough(emulator, way, { after, how: 'split' }),
        () => truthUncut,
      )

      expect(untrue).toEqual([])
    })
  },
)
