import fc from 'fast-check'
import { expect } from 'vitest'
import { tier } from '../../tier.ts'

/** How a property is tried. */
export interface Trial {
  /** How many cases `.ci/run` tries, and how many a slow machine still tries at night. */
  readonly cases: number
  /** For how long `.ci/nightly` tries new cases, in milliseconds. */
  readonly atNight: number
}

/** The seed of `.ci/run`, so that a landing fails by its own fault only. New cases are for the night. */
const committedSeed = 20_261_201

/** What every property here has in common with fast-check's. */
type Property = fc.IRawProperty<unknown>

/**
 * Tries a property: in `.ci/run` the same cases each time, in `.ci/nightly` new ones for as long as the trial says.
 * The seed is printed; `MAILGUN_FUZZ_SEED` tries its cases again.
 */
export async function fuzz(
  name: string,
  property: unknown,
  { cases, atNight }: Trial,
): Promise<void> {
  const isNight = tier === 'nightly'
  const seed = seedOf(process.env['MAILGUN_FUZZ_SEED'], isNight)
  console.log(`${name}: MAILGUN_FUZZ_SEED=${seed}`)
  const details = await fc.check(property as Property, {
    seed,
    ...(isNight
      ? { numRuns: Number.MAX_SAFE_INTEGER, interruptAfterTimeLimit: atNight }
      : { numRuns: cases }),
    markInterruptAsFailure: false,
  })
  if (details.failed) {
    const cause = details.errorInstance
    throw new Error(await fc.asyncDefaultReportMessage(details), { cause })
  }
  console.log(`${name}: ${details.numRuns} cases`)
  expect(details.numRuns).toBeGreaterThanOrEqual(cases)
}

function seedOf(given: string | undefined, isNight: boolean): number {
  if (given === undefined || given === '') {
    return isNight ? Math.floor(Math.random() * 2 ** 31) : committedSeed
  }
  if (!/^-?\d{1,10}$/.test(given)) throw new Error('MAILGUN_FUZZ_SEED must be a whole number.')
  return Number(given)
}
