import type { Fault } from '@mailgun-smtp/emulator'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { Child } from '../process/child.ts'
import { configFor, keepTo, openEmulator } from '../scene/scene.ts'
import { nameOf, waysOver } from '../scene/ways.ts'

interface Result {
  readonly outcome: string
  readonly code?: string
}

const inFlight = 5

describe.each(
  waysOver('starttls')
    .filter(({ pipelining }) => pipelining)
    .map((way) => [nameOf(way), way] as const),
)('%s', (_name, way) => {
  test.each([
    ['ended by a reply', 10_000, { at: 'final', delay: 300 }, 'accepted'],
    ['cut off after its time', 1, { at: 'final', stall: 'after-store' }, 'unknown'],
  ] as const)(
    'F24: SIGTERM: what is in flight is %s, what waits comes back with a code, and the process ends well',
    async (_how, within, fault, outcome) => {
      await using emulator = await openEmulator(way)
      keepTo(way, emulator)
      let reached = 0
      let onFull: () => void = () => undefined
      const isFull = new Promise<void>((resolve) => (onFull = resolve))
      emulator.faults.when(() => {
        if (++reached === inFlight) onFull()
        return true
      }, fault satisfies Fault)
      const config = configFor(way, emulator, { maxConnections: inFlight })
      await using child = new Child('close-on-sigterm', { config, count: 105, within })
      await child.during(isFull)
      child.kill('SIGTERM')

      const { code, signal, printed } = await child.ended

      expect({ code, signal }).toEqual({ code: 0, signal: null })
      const results = printed as Result[]
      const waiting = results.filter((result) => result.outcome === 'deferred')
      expect(results).toHaveLength(105)
      expect(new Set(waiting.map((result) => result.code))).toEqual(
        new Set(['ERR_MAILGUN_SHUTDOWN']),
      )
      const others = results.filter((result) => result.outcome !== 'deferred')
      expect(others.length).toBeGreaterThanOrEqual(inFlight)
      expect(new Set(others.map((result) => result.outcome))).toEqual(new Set([outcome]))
      expect(emulator.ledger.count()).toBe(others.length)
    },
  )

  test.each([
    ['before the body', { at: 'data', stall: true }, 'accepted', 1],
    ['after the dot, which was not heard', { at: 'final', stall: 'before-store' }, 'unknown', 0],
    ['after the dot', { at: 'final', stall: 'after-store' }, 'unknown', 1],
  ] as const)(
    'F25: killed %s, the next process knows what may be sent',
    async (_when, fault, outcome, copies) => {
      const folder = await mkdtemp(join(tmpdir(), 'mailgun-sweep-'))
      try {
        await using emulator = await openEmulator(way)
        keepTo(way, emulator)
        const input = { config: configFor(way, emulator), path: join(folder, 'sends') }
        const isReached = new Promise<void>((resolve) => {
          emulator.faults.when(() => {
            resolve()
            return true
          }, fault satisfies Fault)
        })
        await using killed = new Child('send-with-key', input)
        await killed.during(isReached)
        killed.kill('SIGKILL')
        expect(await killed.ended).toMatchObject({ signal: 'SIGKILL', printed: undefined })
        emulator.faults.clear()
        keepTo(way, emulator)

        await using next = new Child('send-with-key', input)

        expect(await next.ended).toEqual({ code: 0, signal: null, printed: outcome })
        expect(emulator.ledger.count()).toBe(copies)
      } finally {
        await rm(folder, { recursive: true })
      }
    },
  )

  test('F25: killed between a refusal at the dot and the next try, nothing was taken, and the next process sends', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mailgun-sweep-'))
    try {
      await using emulator = await openEmulator(way)
      keepTo(way, emulator)
      emulator.faults.always({ at: 'final', reply: [451, 'Later'] })
      const path = join(folder, 'sends')
      const retry = { times: 1000, within: 3_600_000, baseDelay: 20_000 }
      await using killed = new Child('send-with-key', {
        config: configFor(way, emulator, { retry }),
        path,
      })
      const isTakenBack = vi.waitFor(async () => expect(await lastStateIn(path)).toBe('reserved'), {
        timeout: 30_000,
      })
      await killed.during(isTakenBack)
      killed.kill('SIGKILL')
      await killed.ended
      emulator.faults.clear()
      keepTo(way, emulator)

      await using next = new Child('send-with-key', { config: configFor(way, emulator), path })

      expect(await next.ended).toEqual({ code: 0, signal: null, printed: 'accepted' })
      expect(emulator.ledger.count()).toBe(1)
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})

/** How far the file of a store says that its one send came. */
async function lastStateIn(path: string): Promise<string | undefined> {
  const text = await readFile(path, 'utf8').catch(() => '')
  const lines = text.split('\n').slice(1, -1)
  const [, entry] = JSON.parse(lines.at(-1) ?? '[]') as [
    string?,
    { readonly send: { readonly state: string } }?,
  ]
  return entry?.send.state
}
