import { expect, test } from 'vitest'
import { readDuration, VirtualClock } from '../src/clock.ts'

test('a virtual clock starts at the time of the machine and does not move', () => {
  const before = Date.now()
  const clock = new VirtualClock()
  const start = clock.now().getTime()

  expect(start).toBeGreaterThanOrEqual(before)
  clock.advance('1d2h3m4.5s')
  expect(clock.now().getTime() - start).toBe(93_784_500)
})

test('what falls due runs at its own moment, in order', () => {
  const clock = new VirtualClock()
  const start = clock.now().getTime()
  const ran: [string, number][] = []
  const note = (name: string) => (): void => {
    ran.push([name, clock.now().getTime() - start])
  }
  clock.after(300, note('third'))
  clock.after(100, note('first'))
  clock.after(100, note('second'))
  clock.after(200, () => clock.after(50, note('set on the way')))
  clock.after(501, note('later'))

  clock.advance(500)

  expect(ran).toEqual([
    ['first', 100],
    ['second', 100],
    ['set on the way', 250],
    ['third', 300],
  ])
  expect(clock.now().getTime() - start).toBe(500)
})

test('what was cancelled does not run, and what runs with it does', () => {
  const clock = new VirtualClock()
  const ran: string[] = []
  const cancels = ['a', 'b', 'c'].map((name) => clock.after(100, () => void ran.push(name)))
  cancels[1]?.()
  cancels[1]?.()

  clock.advance(100)
  cancels[0]?.()

  expect(ran).toEqual(['a', 'c'])
})

test('runs each of many', () => {
  const clock = new VirtualClock()
  let ran = 0
  for (let at = 0; at < 20_000; at++) clock.after((at * 7_919) % 20_000, () => void ran++)

  clock.advance(20_000)

  expect(ran).toBe(20_000)
})

test.each([
  [0, 0] as const,
  [1_500, 1_500] as const,
  ['3h', 10_800_000] as const,
  ['90s', 90_000] as const,
])('reads %j', (duration, milliseconds) => {
  expect(readDuration(duration)).toBe(milliseconds)
})

test.each([-1, Number.NaN, '', '3', '3 h', 'h', '-3h', '1w'])('refuses %j', (duration) => {
  expect(() => readDuration(duration)).toThrow(RangeError)
})
