import { expect, test } from 'vitest'
import { untrueCuts, openForCuts, sendThrough, truthAt, truthUncut, wholeSession } from './cuts.ts'
import type { Cut } from './relay.ts'
import type { Way } from './ways.ts'

const way: Way = { pool: false, pipelining: true, port: 'starttls' }
/** Hundreds of sessions: a slow machine is no fault. In milliseconds. */
const timeLimit = 300_000
const upTo = (count: number): number[] => [...Array(count).keys()]

test(
  'F1, F3: a session that ends at any byte of the replies comes to its true word',
  async () => {
    await using emulator = await openForCuts(way)
    const session = await wholeSession(emulator, way)
    const cut = { how: 'end', connections: [1] } as const satisfies Partial<Cut>

    const untrue = await untrueCuts(
      upTo(session.bytes),
      (after) => sendThrough(emulator, way, { ...cut, after }),
      (after) => truthAt(after, session, { ...cut, after }),
    )

    expect(untrue).toEqual([])
  },
  timeLimit,
)

test(
  'F19: replies split at any byte are the same replies',
  async () => {
    await using emulator = await openForCuts(way)
    const { bytes } = await wholeSession(emulator, way)

    const untrue = await untrueCuts(
      upTo(bytes),
      (after) => sendThrough(emulator, way, { after, how: 'split' }),
      () => truthUncut,
    )

    expect(untrue).toEqual([])
  },
  timeLimit,
)
