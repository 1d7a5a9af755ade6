/** A line of two texts side by side: in both, in the first alone, or in the second alone. */
export interface DifferenceLine {
  readonly in: 'both' | 'first' | 'second'
  readonly text: string
}

// Beyond this many lines that differ, finding the fewest changes would hold the page up.
const mostCompared = 1_500

/** What has to change to make the second text of the first, line by line. */
export function lineDifference(
  first: readonly string[],
  second: readonly string[],
): readonly DifferenceLine[] {
  const most = Math.min(first.length, second.length)
  let start = 0
  while (start < most && first[start] === second[start]) start++
  let end = 0
  while (end < most - start && first[first.length - 1 - end] === second[second.length - 1 - end])
    end++
  const [before, after] = [
    first.slice(start, first.length - end),
    second.slice(start, second.length - end),
  ]
  return [
    ...first.slice(0, start).map(inBoth),
    ...(Math.max(before.length, after.length) > mostCompared
      ? [...before.map(inFirst), ...after.map(inSecond)]
      : compared(before, after)),
    ...first.slice(first.length - end).map(inBoth),
  ]
}

/** By the longest common subsequence. */
function compared(first: readonly string[], second: readonly string[]): readonly DifferenceLine[] {
  const width = second.length + 1
  const lengths = new Uint16Array((first.length + 1) * width)
  const lengthAt = (row: number, column: number): number => lengths[row * width + column] ?? 0
  for (let row = first.length - 1; row >= 0; row--) {
    for (let column = second.length - 1; column >= 0; column--) {
      lengths[row * width + column] =
        first[row] === second[column]
          ? lengthAt(row + 1, column + 1) + 1
          : Math.max(lengthAt(row + 1, column), lengthAt(row, column + 1))
    }
  }
  const lines: DifferenceLine[] = []
  let [row, column] = [0, 0]
  while (row < first.length && column < second.length) {
    if (first[row] === second[column]) {
      lines.push(inBoth(first[row] ?? ''))
      row++
      column++
    } else if (lengthAt(row + 1, column) >= lengthAt(row, column + 1)) {
      lines.push(inFirst(first[row++] ?? ''))
    } else {
      lines.push(inSecond(second[column++] ?? ''))
    }
  }
  return [...lines, ...first.slice(row).map(inFirst), ...second.slice(column).map(inSecond)]
}

function inBoth(text: string): DifferenceLine {
  return { in: 'both', text }
}

function inFirst(text: string): DifferenceLine {
  return { in: 'first', text }
}

function inSecond(text: string): DifferenceLine {
  return { in: 'second', text }
}
