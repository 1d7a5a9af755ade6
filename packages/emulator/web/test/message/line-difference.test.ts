import { expect, test } from 'vitest'
import { lineDifference } from '../../message/line-difference.ts'

function marked(first: string, second: string): string {
  const marks = { both: ' ', first: '-', second: '+' } as const
  return lineDifference(first.split('|'), second.split('|'))
    .map((line) => `${marks[line.in]}${line.text}`)
    .join('|')
}

test.each([
  ['a|b|c', 'a|b|c', ' a| b| c'],
  ['Dear Ada|x|y', 'Dear Bo|x|y', '-Dear Ada|+Dear Bo| x| y'],
  ['a|b|c|d', 'a|c|e|d', ' a|-b| c|+e| d'],
  ['', 'a', '-|+a'],
  ['a|a', 'a|a|a', ' a| a|+a'],
])('from %j to %j is %j', (first, second, expected) => {
  expect(marked(first, second)).toBe(expected)
})

test('of long strings that have nothing in common takes no time', () => {
  const [first, second] = [1, 2].map((side) =>
    Array.from({ length: 50_000 }, (_, at) => `${side} ${at}`),
  )
  const started = performance.now()

  expect(lineDifference(first ?? [], second ?? [])).toHaveLength(100_000)
  expect(performance.now() - started).toBeLessThan(1_000)
})
