import { describe, expect, it } from 'vitest'
import { distance, dueTime, fullTime, listTime } from '../../words/times.ts'

const london = { locale: 'en-GB', timeZone: 'Europe/London' }
const now = new Date('2026-11-22T18:30:00.000Z')

describe('listTime', () => {
  it('is the time of day today', () => {
    expect(listTime('2026-11-22T09:05:59.000Z', now, london)).toBe('09:05')
  })

  it('is the date on another day of this year', () => {
    expect(listTime('2026-11-21T23:59:59.000Z', now, london)).toBe('21 Nov')
  })

  it('has the year in another year', () => {
    expect(listTime('2025-11-22T09:05:00.000Z', now, london)).toBe('22 Nov 2025')
  })

  it('begins the day where the reader is', () => {
    const auckland = { locale: 'en-GB', timeZone: 'Pacific/Auckland' }

    expect(listTime('2026-11-22T10:30:00.000Z', now, auckland)).toBe('22 Nov')
    expect(listTime('2026-11-22T11:30:00.000Z', now, auckland)).toBe('00:30')
  })

  it('is empty for a value that is not a time', () => {
    expect(listTime('yesterday', now, london)).toBe('')
  })
})

describe('fullTime and dueTime', () => {
  it('name the weekday, and the seconds only of what has happened', () => {
    expect(fullTime('2026-11-22T09:05:07.000Z', london)).toMatch(/^Sun,? 22 Nov 2026, 09:05:07$/)
    expect(dueTime('2026-11-23T09:05:07.000Z', london)).toMatch(/^Mon,? 23 Nov, 09:05$/)
  })
})

describe('distance', () => {
  it.each([
    ['2026-11-22T18:30:20.000Z', 'in 20 seconds'],
    ['2026-11-22T18:45:00.000Z', 'in 15 minutes'],
    ['2026-11-23T12:30:00.000Z', 'in 18 hours'],
    ['2026-11-24T06:30:00.000Z', 'in 36 hours'],
    ['2026-11-25T18:30:00.000Z', 'in 3 days'],
    ['2026-11-22T17:30:00.000Z', '1 hour ago'],
  ])('of %s is %j', (time, words) => {
    expect(distance(time, now, 'en')).toBe(words)
  })
})
