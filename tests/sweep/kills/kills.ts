import { createMailer, fileStore, type Outcome } from '@mailgun-smtp/core'
import { createMailgunEmulator, type Fault, type MailgunEmulator } from '@mailgun-smtp/emulator'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Child } from '../process/child.ts'
import { dieAt } from '../process/death.ts'
import { moments } from '../process/moments.ts'
import { chances } from '../scene/seed.ts'

interface Listed {
  readonly to: string
  readonly chunk: number
  readonly outcome: Outcome
}

/** What a batch came to, and what its recipients got. */
export interface Killed {
  /** What is not as promised. */
  readonly violations: readonly string[]
  /** Recipients that the server refused for a while, and for good. */
  readonly busy: number
  readonly gone: number
  /** Recipients whose outcome was unknown, and was settled. */
  readonly settled: number
}

const key = 'newsletter-1'
const size = 100

/** A death between the acceptance of a message and its reply: what came of it is unknown for certain. */
const unheard: Fault = { at: 'final', stall: 'after-store' }

const isGone = (address: string): boolean => /[37]@/.test(address)
const isBusy = (address: string): boolean => /[258]@/.test(address)

/** Kills a batch so many times, each time at another moment, goes on to its end, and settles what is unknown. */
export async function killBatch(deaths: number, seed: number): Promise<Killed> {
  const folder = await mkdtemp(join(tmpdir(), 'mailgun-kills-'))
  try {
    await using emulator = await createMailgunEmulator({
      httpPort: false,
      retention: { messages: 10 },
    })
    const path = join(folder, 'sends')
    const input = {
      config: { ...emulator.transport, pool: true, retry: false },
      path,
      // No death costs more than three chunks, so that the batch outlives all of them.
      count: (deaths + 1) * 3 * size,
      settings: { key, maxRecipients: size, concurrency: 2 },
      lists: true,
    }
    const refused = new Set<string>()
    const chance = chances(seed)
    for (let death = 1; death <= deaths; death++) {
      const drawn = moments[Math.floor(chance() * moments.length)] ?? unheard
      refuseSome(emulator, refused)
      await dieAt(death === deaths ? unheard : drawn, { emulator, input, size, chance })
    }
    refuseSome(emulator, refused)
    // The first run may still find recipients that are busy: the second one sends to them.
    await endOf(input)
    const before = await endOf(input)
    const violations = untrue(before, emulator, 'before')
    const unknown = before.filter(({ outcome }) => outcome === 'unknown')
    await settleAll(unknown, emulator, path)
    const after = await endOf(input)
    violations.push(...untrue(after, emulator, 'after'))
    for (const { to, outcome } of after) {
      if (outcome === 'unknown') violations.push(`${to} is unknown after it was settled`)
    }
    if (after.length !== input.count) violations.push(`${after.length} recipients were reported`)
    const gone = after.filter(({ to }) => isGone(to)).length
    return { violations, busy: refused.size, gone, settled: unknown.length }
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** Who is gone is never taken; who is busy, not the first time. */
function refuseSome({ faults }: MailgunEmulator, refused: Set<string>): void {
  faults.when(({ to }) => isGone(to.at(-1) ?? ''), { at: 'rcpt', reply: [550, 'No such user'] })
  faults.when(
    ({ to }) => {
      const address = to.at(-1) ?? ''
      if (!isBusy(address) || refused.has(address)) return false
      refused.add(address)
      return true
    },
    { at: 'rcpt', reply: [451, 'Later'] },
  )
}

/** Goes on with the batch to its end. */
async function endOf(input: object): Promise<readonly Listed[]> {
  await using child = new Child('batch', input)
  const { code, printed } = await child.ended
  if (code !== 0) throw new Error(`The batch ended with ${code}.`)
  return (printed as { listed: readonly Listed[] }).listed
}

function copiesIn({ ledger }: MailgunEmulator): ReadonlyMap<string, number> {
  const copies = new Map<string, number>()
  for (const { recipient } of ledger.copies()) {
    copies.set(recipient, (copies.get(recipient) ?? 0) + 1)
  }
  return copies
}

/** What a report says that the ledger contradicts, before or after what is unknown was settled. */
function untrue(
  listed: readonly Listed[],
  emulator: MailgunEmulator,
  when: 'before' | 'after',
): string[] {
  const copies = copiesIn(emulator)
  return listed.flatMap(({ to, chunk, outcome }) => {
    const count = copies.get(to) ?? 0
    const isTrue = {
      accepted: count === 1,
      unknown: count <= 1 && !isGone(to),
      // Before, only who is gone is rejected; afterwards, also who was settled so.
      rejected: count === 0 && (isGone(to) || when === 'after'),
      deferred: false,
    }[outcome]
    const problem = `${to} of chunk ${chunk} is ${outcome} ${when} it was settled, and got ${count}`
    return isTrue ? [] : [problem]
  })
}

/** Settles each recipient by what the ledger says of it. */
async function settleAll(
  unknown: readonly Listed[],
  emulator: MailgunEmulator,
  path: string,
): Promise<void> {
  const copies = copiesIn(emulator)
  await using store = fileStore(path)
  await using mailer = createMailer({ ...emulator.transport, store })
  for (const { to, chunk } of unknown) {
    const outcome = copies.has(to) ? 'accepted' : 'rejected'
    await mailer.settle(`${key}:${chunk}`, outcome, { recipient: to })
  }
}
