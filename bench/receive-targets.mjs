/** What the emulator promises of receiving, and what came out. */
const targets = [
  {
    promise: 'CPU a message, 1 KB, at most 350 µs',
    of: ({ name, size }) => name === 'emulator' && size === '1 KB',
    value: ({ cpu }) => cpu,
    holds: (cpu) => cpu <= 350,
  },
  {
    promise: 'CPU, emulator to smtp-server, at most 0.6',
    of: ({ name }) => name === 'smtp-server',
    value: ({ cpuRatio }) => cpuRatio,
    holds: (ratio) => ratio <= 0.6,
  },
  rateTarget('eight kept connections', 1, ({ sessions, kept }) => sessions === 8 && kept),
  rateTarget('one kept connection', 0.6, ({ sessions, kept }) => sessions === 1 && kept),
  rateTarget('new connections', 0.35, ({ kept }) => !kept),
]

/** A line for each, with the value of every row it is about. */
export function printTargets(results) {
  console.log('\n| target | | found |\n| --- | --- | --- |')
  for (const { promise, of, value, holds } of targets) {
    const rows = results.filter(of)
    if (rows.length === 0) continue
    const met = rows.every((result) => holds(value(result)))
    const found = rows.map((result) => `${label(result)}: ${Number(value(result).toPrecision(3))}`)
    console.log(`| ${promise} | ${met ? 'met' : 'missed'} | ${found.join('; ')} |`)
  }
}

function rateTarget(words, least, fits) {
  return {
    promise: `rate, emulator to smtp-sink, ${words}, at least ${least}`,
    of: (result) => result.name === 'smtp-sink' && fits(result),
    value: ({ rateRatio }) => rateRatio,
    holds: (ratio) => ratio >= least,
  }
}

function label({ size, sessions, kept }) {
  return `${size} × ${sessions} ${kept ? 'kept' : 'new'}`
}
