import os from 'node:os'

const rounds = 10
/** Unmeasured rounds before: code that is still being compiled costs more, and one side may have more of it. */
const warmUps = 3

/**
 * Compares two ways of doing the same, A B A B, by processor time: wall time on a shared machine is noise.
 * Prints the median of each, in microseconds per unit of work, and the median ratio B to A.
 */
export async function compare(title, count, a, b) {
  for (let round = 0; round < warmUps; round += 1) {
    await a.run(count)
    await b.run(count)
  }
  const pairs = []
  for (let round = 0; round < rounds; round += 1) {
    pairs.push([await cost(a.run, count), await cost(b.run, count)])
  }
  const [first, second, ratio] = [
    median(pairs.map(([x]) => x)),
    median(pairs.map(([, y]) => y)),
    median(pairs.map(([x, y]) => y / x)),
  ]
  console.log(
    `| ${title} | ${a.name}: ${first.toFixed(1)} µs | ${b.name}: ${second.toFixed(1)} µs | ${ratio.toFixed(2)} |`,
  )
}

/** The head of a table, with the day and the machine. */
export function heading(columns = ['work', 'A', 'B', 'B / A'], count = rounds) {
  const cpus = os.cpus()
  console.log(
    `${new Date().toISOString().slice(0, 10)}, Node ${process.version}, ${cpus.length} × ${cpus[0]?.model.trim()}, ${count} rounds\n`,
  )
  console.log(`| ${columns.join(' | ')} |\n|${' --- |'.repeat(columns.length)}`)
}

async function cost(run, count) {
  globalThis.gc?.()
  const before = process.cpuUsage()
  await run(count)
  const { user, system } = process.cpuUsage(before)
  return (user + system) / count
}

export function median(values) {
  const sorted = values.toSorted((x, y) => x - y)
  return sorted[Math.floor(sorted.length / 2)]
}
