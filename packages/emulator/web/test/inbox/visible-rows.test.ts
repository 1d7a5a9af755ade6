import { describe, expect, it } from 'vitest'
import { scrollToRow, visibleRows } from '../../inbox/visible-rows.ts'

describe('visibleRows', () => {
  it('draws what is in view and a little beyond', () => {
    expect(visibleRows({ scrollTop: 6000, height: 600 }, 60, 100_000)).toEqual({
      first: 92,
      end: 118,
    })
  })

  it('stops at both ends of the list', () => {
    expect(visibleRows({ scrollTop: 0, height: 600 }, 60, 3)).toEqual({ first: 0, end: 3 })
    expect(visibleRows({ scrollTop: 0, height: 600 }, 60, 0)).toEqual({ first: 0, end: 0 })
  })

  it('draws nothing in reverse when the list became shorter than it was scrolled', () => {
    const { first, end } = visibleRows({ scrollTop: 60_000, height: 600 }, 60, 5)

    expect(first).toBe(5)
    expect(end).toBe(5)
  })
})

describe('scrollToRow', () => {
  const viewport = { scrollTop: 120, height: 600 }

  it('stays where a row in view is wanted', () => {
    expect(scrollToRow(viewport, 60, 2)).toBe(120)
    expect(scrollToRow(viewport, 60, 11)).toBe(120)
  })

  it('moves no further than the row needs', () => {
    expect(scrollToRow(viewport, 60, 1)).toBe(60)
    expect(scrollToRow(viewport, 60, 12)).toBe(180)
  })
})
