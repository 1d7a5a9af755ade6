import type { BatchSummary } from '@mailgun-smtp/core'
import { createMailgunEmulator, type Fault, type MailgunEmulator } from '@mailgun-smtp/emulator'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { volume } from '../../tier.ts'
import { heldUp } from '../process/children/longest-turn.mjs'
import { Child } from '../process/child.ts'
import { dieAt } from '../process/death.ts'
import { moments } from '../process/moments.ts'
import { chances, seed } from '../scene/seed.ts'

interface Batch {
  readonly summary: BatchSummary
  /** By chunk: how many recipients with each outcome. */
  readonly chunks: Readonly<Record<string, Readonly<Record<string, number>>>>
  /** How long the process worked at most before others got their turn. */
  readonly longestTurnMs: number
  /** The most memory it ever had. */
  readonly peakMb: number
}

const open = (): Promise<MailgunEmulator> =>
  createMailgunEmulator({ httpPort: false, retention: { messages: 10 } })

/** How often each recipient got something. */
function copiesIn({ ledger }: MailgunEmulator): ReadonlyMap<string, number> {
  const copies = new Map<string, number>()
  for (const { recipient } of ledger.copies())
    copies.set(recipient, (copies.get(recipient) ?? 0) + 1)
  return copies
}

test('L4: a large batch reaches each address once, in messages of 1,000 at most, and lets others work', async () => {
  const count = volume(100_000, 20_000)
  await using emulator = await open()
  await using child = new Child('batch', {
    config: { ...emulator.transport, pool: true },
    count,
    settings: { concurrency: 3 },
  })

  const { code, printed } = await child.ended

  const { summary, chunks, longestTurnMs } = printed as Batch
  const copies = copiesIn(emulator)
  expect(code).toBe(0)
  expect(summary).toMatchObject({ recipients: count, accepted: count })
  expect(summary.chunks).toBeGreaterThanOrEqual(count / 1000)
  expect(
    Math.max(...Object.values(chunks).map(({ accepted = 0 }) => accepted)),
  ).toBeLessThanOrEqual(1000)
  expect(copies.size).toBe(count)
  expect(mostOf(copies)).toBe(1)
  console.log(`The longest turn took ${Math.round(longestTurnMs)} ms.`)
  expect(longestTurnMs).toBeLessThan(heldUp)
})

test('a batch runs in under 200 MB of memory, however many recipients it has', async () => {
  const count = volume(1_000_000, 100_000)
  await using emulator = await open()
  const config = { ...emulator.transport, pool: true }
  await using child = new Child('batch', { config, count, settings: { concurrency: 2 } })

  const { code, printed } = await child.ended

  const { summary, peakMb } = printed as Batch
  console.log(`${peakMb.toFixed(0)} MB at most.`)
  expect(code).toBe(0)
  expect(summary).toMatchObject({ recipients: count, accepted: count, chunks: count / 1000 })
  expect(emulator.ledger.count()).toBe(count)
  expect(peakMb).toBeLessThan(200)
})

function mostOf(copies: ReadonlyMap<string, number>): number {
  let most = 0
  for (const times of copies.values()) most = Math.max(most, times)
  return most
}

/** The chunks of which a store's file says that they were handed over, and not what came of that. */
async function chunksLeftMarked(path: string, key: string): Promise<string[]> {
  const states = new Map<string, string>()
  for (const line of (await readFile(path, 'utf8')).split('\n').slice(1, -1)) {
    const [, entry] = JSON.parse(line) as [string, { key: string; send: { state: string } }]
    const [batch, chunk] = entry.key.split(':')
    if (batch === key && chunk !== undefined) states.set(chunk, entry.send.state)
  }
  return [...states].filter(([, state]) => state === 'handed-over').map(([chunk]) => chunk)
}

test('a batch that is killed many times goes on to its end, and sends no second copy', async () => {
  console.log(`SWEEP_SEED=${seed}`)
  const [count, size, deaths] = [10_000, 100, volume(50, 10)]
  const chance = chances()
  const folder = await mkdtemp(join(tmpdir(), 'mailgun-sweep-'))
  try {
    await using emulator = await open()
    const input = {
      config: { ...emulator.transport, pool: true },
      path: join(folder, 'sends'),
      count,
      settings: { key: 'newsletter-1', maxRecipients: size, concurrency: 2 },
    }
    for (let death = 0; death < deaths; death++) {
      const fault = moments[Math.floor(chance() * moments.length)] as Fault
      await dieAt(fault, { emulator, input, size, chance })
    }
    const marked = await chunksLeftMarked(input.path, input.settings.key)
    await using last = new Child('batch', input)
    const { code, printed } = await last.ended

    const { summary, chunks } = printed as Batch
    expect(code).toBe(0)
    expect(summary).toMatchObject({
      recipients: count,
      chunks: count / size,
      rejected: 0,
      deferred: 0,
    })
    expect(summary.accepted + summary.unknown).toBe(count)
    const copies = copiesIn(emulator)
    expect(mostOf(copies)).toBe(1)
    for (const [chunk, outcomes] of Object.entries(chunks)) {
      const reached = Array.from({ length: size }, (_, n) =>
        copies.has(`customer-${Number(chunk) * size + n}@example.com`),
      ).filter(Boolean).length
      // Nobody knows: all or none of the chunk. Accepted: all.
      expect(outcomes.unknown ? [0, size] : [size], `chunk ${chunk}`).toContain(reached)
    }
    // Unknown is only what a death left between its durable mark and its durable result.
    const unknown = Object.entries(chunks).flatMap(([n, { unknown: some }]) => (some ? [n] : []))
    expect(unknown.toSorted()).toEqual(marked.toSorted())
    expect(unknown.length).toBeGreaterThan(0)
  } finally {
    await rm(folder, { recursive: true })
  }
})
