import { shortEnd, soon } from './deadlines.ts'
import { faultAt, type Row } from './row.ts'

type Stage = 'greeting' | 'ehlo' | 'auth' | 'mail' | 'rcpt' | 'data' | 'final'

/** Bytes that are no reply. */
const oddities: readonly { readonly what: string; readonly bytes: Uint8Array }[] = [
  { what: 'a line of a million bytes', bytes: Buffer.alloc(1_000_000, 'x') },
  { what: 'a reply of 200,000 lines without an end', bytes: Buffer.from('250-\n'.repeat(200_000)) },
  { what: 'only NULs', bytes: Buffer.alloc(64) },
  { what: 'bytes that are no text', bytes: Buffer.from([0xff, 0xfe, 0xc3, 0x28, 0x0d, 0x0a]) },
  { what: 'a cut letter of UTF-8', bytes: Buffer.from([0x32, 0x35, 0x30, 0x2d, 0xc3, 0x0d, 0x0a]) },
  { what: 'an empty line', bytes: Buffer.from('\r\n') },
]

const stages: readonly Stage[] = ['greeting', 'ehlo', 'auth', 'mail', 'rcpt', 'data', 'final']

const leftUnknown = { config: shortEnd, expected: { outcome: 'unknown', copies: 1 } } as const
const leftDeferred = {
  config: { deadlines: { greeting: soon, untilBody: soon }, retry: false },
  expected: { outcome: 'deferred', attempts: 1, copies: 0 },
} as const

export const oddReplies: readonly Row[] = stages.flatMap((at) =>
  oddities.map(({ what, bytes }): Row => ({
    id: 'F18',
    what: `${what} at ${at}`,
    fault: faultAt(at, { garbage: bytes }),
    strikes: 'always',
    recovers: false,
    ...(at === 'final' ? leftUnknown : leftDeferred),
  })),
)
