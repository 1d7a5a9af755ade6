import { describe, expect, test } from 'vitest'
import { buildHeaders, parseHeaders, type MailgunOptions } from '../../src/headers.ts'

function written(deliverBy: unknown): string {
  const headers = buildHeaders({ deliverBy } as MailgunOptions)
  return headers['X-Mailgun-Deliver-By']?.[0]?.value ?? ''
}

describe('written', () => {
  test.each([
    [new Date('2026-11-24T07:30:00.999Z'), 'Tue, 24 Nov 2026 07:30:00 +0000'],
    ['2026-11-24T07:30:00Z', 'Tue, 24 Nov 2026 07:30:00 +0000'],
    ['2026-11-24t09:30:00.5+02:00', 'Tue, 24 Nov 2026 07:30:00 +0000'],
    ['2024-02-29T00:00:00z', 'Thu, 29 Feb 2024 00:00:00 +0000'],
    ['1900-01-01T00:00:00Z', 'Mon, 01 Jan 1900 00:00:00 +0000'],
    ['9999-12-31T23:59:59-00:00', 'Fri, 31 Dec 9999 23:59:59 +0000'],
  ])('%s is %s', (value, date) => {
    expect(written(value)).toBe(date)
  })

  class Talkative extends Date {
    override toUTCString(): string {
      return 'canary\r\nX-Evil: 1'
    }
  }

  test('an heir of Date is written as a Date', () => {
    expect(written(new Talkative(0))).toBe('Thu, 01 Jan 1970 00:00:00 +0000')
  })

  test.each([
    ['an invalid Date', new Date(Number.NaN)],
    ['a year before 1900', new Date('1899-12-31T23:59:59Z')],
    ['a year of five digits', new Date(8.64e15)],
    ['milliseconds', 1_800_000_000_000],
    ['a date without a time', '2026-11-24'],
    ['a time without an offset', '2026-11-24T07:30:00'],
    ['30 February', '2026-02-30T00:00:00Z'],
    ['hour 24', '2026-11-24T24:00:00Z'],
    ['second 60', '2026-11-24T23:59:60Z'],
    ['an offset of 24 hours', '2026-11-24T00:00:00+24:00'],
    ['a month by name', 'Tue, 24 Nov 2026 07:30:00 +0000'],
    ['a line break', '2026-11-24T07:30:00Z\n'],
    ['nothing', ''],
    [
      'what only looks like a Date',
      { getTime: (): number => 0, toUTCString: (): string => 'canary' },
    ],
    ['a Proxy of a Date', new Proxy(new Date(0), {})],
    ['an object with the tag of a Date', { [Symbol.toStringTag]: 'Date' }],
  ])('%s is refused', (_name, value) => {
    expect(() => written(value)).toThrow(
      'deliverBy must be a valid Date, or an RFC 3339 date-time with an offset',
    )
  })
})

describe('read', () => {
  const read = (value: string): unknown => parseHeaders([['X-Mailgun-Deliver-By', value]]).deliverBy

  test.each([
    'Fri, 14 Oct 2011 23:10:10 -0000',
    'Sat, 15 Oct 2011 01:10:10 +0200',
    '14 Oct 2011 23:10:10 GMT',
    'fri, 14 oct 2011 23:10:10 ut',
  ])('%s', (value) => {
    expect(read(value)).toEqual(new Date('2011-10-14T23:10:10Z'))
  })

  test.each([
    '2011-10-14T23:10:10Z',
    '1318633810',
    'Fri, 14 Oct 2011 23:10:10 EST',
    'tomorrow',
    '',
  ])('refuses %j', (value) => {
    expect(() => read(value)).toThrow('must be an RFC 5322 date-time')
  })
})
