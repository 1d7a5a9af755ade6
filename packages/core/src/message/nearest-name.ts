/** How far a name may be from the one that is meant: two letters wrong, missing or too many. */
const maxDistance = 2

/** Longer names are not compared. */
const maxLength = 40

/** The name of a list that a misspelt one is nearest to, if it is near enough to be meant. */
export function nearestName(given: string, names: readonly string[]): string | undefined {
  if (given.length > maxLength) return undefined
  const plain = simplified(given)
  let nearest: string | undefined
  let least = maxDistance + 1
  for (const name of names) {
    const other = simplified(name)
    // Each letter too many is one of the distance.
    if (Math.abs(plain.length - other.length) > maxDistance) continue
    const distance = distanceOf(plain, other)
    // A short name is near to every other short name.
    if (distance < least && distance * 2 < Math.max(plain.length, 2)) {
      nearest = name
      least = distance
    }
  }
  return nearest
}

/** `reply_to`, `Reply-To` and `replyto` are all `replyTo`. */
function simplified(name: string): string {
  return name.replace(/[-_\s]/g, '').toLowerCase()
}

/** The Levenshtein distance. */
function distanceOf(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, at) => at)
  for (let line = 1; line <= from.length; line += 1) {
    const next = [line]
    for (let at = 1; at <= to.length; at += 1) {
      const replaced = (row[at - 1] ?? 0) + (from[line - 1] === to[at - 1] ? 0 : 1)
      next.push(Math.min(replaced, (row[at] ?? 0) + 1, (next[at - 1] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}
