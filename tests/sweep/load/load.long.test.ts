import { setImmediate as turn } from 'node:timers/promises'
import { createMailer, DeliveryError } from '@mailgun-smtp/core'
import { createMailgunEmulator, type LedgerEntry } from '@mailgun-smtp/emulator'
import { expect, test } from 'vitest'
import { volume } from '../../tier.ts'
import { callUpChaos } from './chaos.ts'
import { Child } from '../process/child.ts'
import { heldUp, watchTurns } from '../process/children/longest-turn.mjs'
import { inScene } from '../scene/scene.ts'
import { chances, seed } from '../scene/seed.ts'
import { letter, settle, verdictOf } from '../scene/verdict.ts'

const pool = { pool: true, pipelining: true, port: 'starttls' } as const

interface ManySends {
  readonly outcomes: Readonly<Record<string, number>>
  /** Bytes in use before each tenth of the messages, and after the last. */
  readonly heaps: readonly number[]
  /** Listeners on the process that were not there before. */
  readonly listeners: readonly string[]
  /** How long the process worked at most before others got their turn. */
  readonly longestTurnMs: number
}

test.each([
  ['L1: many messages over five connections are one copy each, and the process ends', 10_000, true],
  ['L5: without close() the process ends by itself', volume(100_000, 10_000), false],
] as const)('%s', async (_name, count, closes) => {
  // Little is kept of the mail itself; the ledger keeps count of all.
  await using emulator = await createMailgunEmulator({
    httpPort: false,
    retention: { messages: 10 },
  })
  const config = { ...emulator.transport, pool: true, maxConnections: 5 }
  const input = { config, count, closes, window: 50 }
  await using child = new Child('send-many', input, ['--expose-gc'])

  const { code, printed } = await child.ended

  const { outcomes, heaps, listeners, longestTurnMs } = printed as ManySends
  expect(code).toBe(0)
  expect(outcomes).toEqual({ accepted: count })
  expect(emulator.ledger.count()).toBe(count)
  expect(new Set(emulator.ledger.copies().map(({ recipient }) => recipient)).size).toBe(count)
  expect(listeners).toEqual([])
  // Warm after the first tenth; from then on it is flat.
  const [, warm = 0] = heaps
  expect(heaps.at(-1)).toBeLessThan(warm * 1.1)
  console.log(`The longest turn took ${Math.round(longestTurnMs)} ms.`)
  expect(longestTurnMs).toBeLessThan(heldUp)
})

test('L2: many messages, something wrong at every seventh command: all outcomes are true, and there is no second copy', async () => {
  console.log(`SWEEP_SEED=${seed}`)
  const count = volume(10_000, 2500)
  await using emulator = await createMailgunEmulator({
    httpPort: false,
    retention: { messages: 10 },
  })
  await using mailer = createMailer({
    ...emulator.transport,
    pool: true,
    retry: { times: 1000, within: 3_600_000, baseDelay: 0 },
  })
  callUpChaos(emulator, 7, chances())

  const settled = await Promise.all(
    Array.from({ length: count }, (_, n) =>
      settle(mailer.send({ ...letter, messageId: `<${n}@mg.example.com>` })),
    ),
  )

  const copies = new Map<string | undefined, LedgerEntry[]>()
  for (const copy of emulator.ledger.copies()) {
    copies.set(copy.messageId, [...(copies.get(copy.messageId) ?? []), copy])
  }
  const sums = { accepted: 0, rejected: 0, unknown: 0, deferred: 0 }
  const untrue: unknown[] = []
  settled.forEach((one, n) => {
    const its = copies.get(`<${n}@mg.example.com>`) ?? []
    const { outcome } = verdictOf(one, its.length)
    sums[outcome] += 1
    const isTrue = {
      accepted: its.length === 1,
      rejected: its.length === 0,
      deferred: false,
      unknown: its.length <= 1 && its.every(({ acknowledged }) => !acknowledged),
    }[outcome]
    if (!isTrue) untrue.push({ n, outcome, copies: its.length })
  })
  expect(untrue).toEqual([])
  expect(sums.accepted + sums.rejected + sums.unknown).toBe(count)
  expect(Math.min(sums.accepted, sums.rejected, sums.unknown)).toBeGreaterThan(count / 100)
})

test('L7: who sends faster than the server takes is told so at once, and what was let in is sent', () =>
  inScene(pool, { config: { maxQueue: 100, maxConnections: 5 } }, async ({ emulator, mailer }) => {
    emulator.faults.always({ at: 'final', delay: 20 })
    const tallies = { accepted: 0, full: 0 }
    const send = async (): Promise<void> => {
      const settled = await settle(mailer.send(letter))
      if ('receipt' in settled) tallies.accepted += 1
      else if ((settled.error as DeliveryError).code === 'ERR_MAILGUN_QUEUE_FULL') tallies.full += 1
      else throw settled.error
    }
    const rounds: Promise<void>[] = []
    const stopWatching = watchTurns()
    for (let round = 0; round < 100; round++) {
      rounds.push(...Array.from({ length: 100 }, send))
      await Promise.race(rounds.slice(-100))
      // A producer leaves others their turn.
      await turn()
    }
    await Promise.all(rounds)

    expect(tallies.accepted + tallies.full).toBe(10_000)
    expect(tallies.accepted).toBeGreaterThanOrEqual(105)
    // How many depends on the machine: a busy one makes the producer slow, too.
    expect(tallies.full).toBeGreaterThan(0)
    expect(emulator.ledger.count()).toBe(tallies.accepted)
    // Printed only: the emulator and what earlier tests left to collect have their turns in this process, too.
    console.log(`The longest turn took ${Math.round(stopWatching())} ms.`)
  }))

test('L8: five connections that drip end at their deadline, and a hundred other messages are sent', () => {
  const config = { maxConnections: 5, deadlines: { untilBody: 5000 }, retry: false } as const
  return inScene(pool, { config }, async ({ emulator, mailer }) => {
    emulator.faults.next(5, { at: 'mail', slow: 1 })
    const stopWatching = watchTurns()
    const settled = await Promise.all(
      Array.from({ length: 105 }, () => settle(mailer.send(letter))),
    )

    const verdicts = settled.map((one) => verdictOf(one, 0))
    expect(verdicts.filter(({ outcome }) => outcome === 'accepted')).toHaveLength(100)
    expect(verdicts.filter(({ code }) => code === 'ERR_MAILGUN_TIMEOUT')).toHaveLength(5)
    expect(emulator.ledger.count()).toBe(100)
    // Printed only: the emulator and what earlier tests left to collect have their turns in this process, too.
    console.log(`The longest turn took ${Math.round(stopWatching())} ms.`)
  })
})
