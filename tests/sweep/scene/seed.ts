const given = process.env['SWEEP_SEED']

/** What makes a long test's chances happen again: `SWEEP_SEED`, or a new one each time, which is printed. */
export const seed: number =
  given === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(given)

/** Numbers from 0 up to 1, the same ones for the same seed (mulberry32). */
export function chances(from: number = seed): () => number {
  let state = from | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
