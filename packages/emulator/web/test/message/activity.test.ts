import { expect, it } from 'vitest'
import { activityText, followed } from '../../message/activity.ts'

const at = '2026-11-22T10:00:00.000Z'
const click = { at, url: 'https://shop.test/', link: 0 }

it.each([
  [[], [], ''],
  [[{ at }], [], 'opened'],
  [[{ at }, { at }], [click], 'opened 2 times, clicked'],
  [[], [click, click], 'clicked 2 times'],
])('tells of %j and %j', (opens, clicks, text) => {
  expect(activityText({ opens, clicks })).toBe(text)
})

it('names each address that was followed once', () => {
  const clicks = [click, { ...click, url: 'https://other.test/' }, { ...click, link: 1 }]

  expect(followed({ clicks })).toEqual(['https://shop.test/', 'https://other.test/'])
})
