import { createServer, type AddressInfo } from 'node:net'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { expect, test } from 'vitest'
import { createMailer, DeliveryError, type Mailer } from '../../src/index.ts'
import { auth, ScriptedServer } from '../scripted-server/scripted-server.ts'
import { letter } from '../wire/wire.ts'

/** How long it runs, in milliseconds; the nightly run gives it ten minutes. */
const time = Number(process.env.MAILGUN_RANDOM_BYTES_MS ?? 10_000)
const seed = Number(process.env.MAILGUN_RANDOM_BYTES_SEED ?? 20_261_201)

/** Mulberry32: the same numbers for the same seed. */
function numbersFrom(start: number): () => number {
  let state = start
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const pieces = [
  '220 hi\r\n',
  '250 OK\r\n',
  '250-a\r\n',
  '250 PIPELINING\r\n',
  '250-AUTH PLAIN\r\n',
  '235 in\r\n',
  '334 \r\n',
  '354 Go\r\n',
  '421 bye\r\n',
  '450 x\r\n',
  '550 5.1.1 x\r\n',
  '250',
  ' ',
  '\r\n',
  '\n',
  '\r',
  '\0',
  '2',
  '5',
  '-',
  '\u00ff',
]

/** What a session says: sometimes the right thing, sometimes anything. */
function babble(random: () => number): string {
  const of = (count: number): number => Math.floor(random() * count)
  return Array.from({ length: 1 + of(3) }, () =>
    random() < 0.1
      ? Buffer.from(Array.from({ length: of(40) }, () => of(256))).toString('latin1')
      : (pieces[of(pieces.length)] ?? ''),
  ).join('')
}

interface Session {
  /** Whether a well-formed 250 was the first thing said after the dot. */
  takes: boolean
}

test(
  'whatever bytes a server says, there is no receipt unless a well-formed 250 answered the dot',
  { timeout: time + 60_000 },
  async () => {
    const random = numbersFrom(seed)
    const usual = [
      '220 hi',
      '250-a\r\n250-PIPELINING\r\n250 AUTH PLAIN',
      '235 in',
      '250 OK\r\n250 OK\r\n354 Go',
      '250 OK',
    ]
    let taken = 0
    const server = createServer((socket) => {
      const session: Session = { takes: false }
      let step = 0
      const say = (): void => {
        const isRight = random() < 0.8
        const words = isRight ? `${usual[step] ?? '250 OK'}\r\n` : babble(random)
        if (step === 4) {
          session.takes = /^(?:250-[^\r\n\0]*\r\n)*250(?: [^\r\n\0]*)?\r\n/.test(words)
          if (session.takes) taken += 1
        }
        step += 1
        socket.write(words, 'latin1')
        if (random() < 0.05) socket.destroy()
      }
      socket.on('error', () => undefined)
      socket.on('data', say)
      say()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const place = { host: '127.0.0.1', port, secure: false, requireTLS: false, auth } as const
    const mailer = createMailer({
      ...place,
      retry: false,
      deadlines: { greeting: 50, untilBody: 100, afterDot: 50 },
    })
    const ends = performance.now() + time
    const outcomes = { accepted: 0, deferred: 0, rejected: 0, unknown: 0 }
    while (performance.now() < ends) {
      const results = await Promise.all(Array.from({ length: 5 }, () => outcomeOf(mailer)))
      for (const outcome of results) outcomes[outcome] += 1
    }
    await mailer.close()
    await new Promise((resolve) => server.close(resolve))

    // Each receipt has a 250 of its own; a 250 that came too late, or in pieces, has none.
    expect(outcomes.accepted).toBeLessThanOrEqual(taken)
    expect(Math.min(outcomes.accepted, outcomes.deferred, outcomes.unknown)).toBeGreaterThan(0)
  },
)

async function outcomeOf(mailer: Mailer): Promise<'accepted' | DeliveryError['outcome']> {
  try {
    await mailer.send(letter)
    return 'accepted'
  } catch (error) {
    if (!(error instanceof DeliveryError)) throw error
    return error.outcome
  }
}

test.each([
  ['one line', `250 ${'x'.repeat(1_000_000)}`],
  ['lines without end', '250-x\r\n'.repeat(150_000)],
  ['addresses', `550 ${'<a@b.test> '.repeat(90_000)}`],
  ['a long word', `550-${'@'.repeat(500_000)}\r\n550 ${'@'.repeat(500_000)}`],
  ['spaces', `550 try again after${' '.repeat(1_000_000)}`],
])('a reply of 1 MB, %s, holds the process up for no more than 50 ms', async (_what, reply) => {
  await using server = await ScriptedServer.open({ script: { dot: reply } })
  await using mailer = createMailer({ ...server.config, retry: false })
  await mailer.verify()

  // A machine that is busy holds a process up as well: the best of three counts.
  const held: number[] = []
  for (let turn = 0; turn < 3; turn += 1) {
    const delay = monitorEventLoopDelay({ resolution: 1 })
    delay.enable()
    await expect(mailer.send(letter)).rejects.toMatchObject({ outcome: 'unknown' })
    delay.disable()
    held.push(delay.max / 1e6)
  }
  expect(Math.min(...held)).toBeLessThan(50)
})
