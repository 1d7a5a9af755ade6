import fc from 'fast-check'
import { expect } from 'vitest'

/** How long each kind of input is tried, in milliseconds. */
export const duration = 60_000

/** Time to find the smallest case of a failure, besides. In milliseconds. */
export const timeLimit = 4 * duration

/** What every property here has in common with fast-check's. */
type Property = fc.IRawProperty<unknown>

/**
 * Tries a property for a time. Its seed is printed; `MAILGUN_FUZZ_SEED` tries the same cases again.
 *
 * @param least How many cases a slow machine still tries.
 * @param milliseconds How long. Default: all of the time for its kind of input.
 */
export async function fuzz(
  name: string,
  property: unknown,
  least: number,
  milliseconds = duration,
): Promise<void> {
  const seed = seedOf(process.env.MAILGUN_FUZZ_SEED)
  console.log(`${name}: MAILGUN_FUZZ_SEED=${seed}`)
  const details = await fc.check(property as Property, {
    seed,
    numRuns: Number.MAX_SAFE_INTEGER,
    interruptAfterTimeLimit: milliseconds,
    markInterruptAsFailure: false,
  })
  if (details.failed) {
    const cause = details.errorInstance
    throw new Error(await fc.asyncDefaultReportMessage(details), { cause })
  }
  console.log(`${name}: ${details.numRuns} cases`)
  expect(details.numRuns).toBeGreaterThan(least)
}

function seedOf(given: string | undefined): number {
  if (given === undefined || given === '') return Math.floor(Math.random() * 2 ** 31)
  if (!/^-?\d{1,10}$/.test(given)) throw new Error('MAILGUN_FUZZ_SEED must be a whole number.')
  return Number(given)
}
