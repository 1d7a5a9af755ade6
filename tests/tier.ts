/**
 * How much of the tests runs: `npm test` is quick, `.ci/run` runs the long files too, and `.ci/nightly` runs the long
 * and the nightly files, each in full volume.
 */
export type Tier = 'quick' | 'long' | 'nightly'

function tierOf(given = 'quick'): Tier {
  if (given === 'quick' || given === 'long' || given === 'nightly') return given
  throw new Error(`TEST_TIER is ${given}. Set it to quick, long or nightly.`)
}

/** The tier of this run, by `TEST_TIER`. Default: `quick`. */
export const tier: Tier = tierOf(process.env['TEST_TIER'])

/** One of two volumes: the full one every night, a short one otherwise. */
export function volume<Amount>(full: Amount, short: Amount): Amount {
  return tier === 'nightly' ? full : short
}
