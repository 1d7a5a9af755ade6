import { describe, expect, test } from 'vitest'
import { examples, readOptionArguments } from '../../src/command-line/option-arguments.ts'
import { buildHeaders } from '../../src/headers.ts'

describe('--option', () => {
  test.each(Object.entries(examples))('takes the example of %s', (name, value) => {
    const options = readOptionArguments([`${name}=${value}`])

    expect(Object.keys(options)).toEqual([name])
    expect(buildHeaders(options)).not.toEqual({})
  })

  test('gathers the values of an option given more than once', () => {
    expect(readOptionArguments(['tags=a', 'track=no', 'tags=b=c'])).toEqual({
      tags: ['a', 'b=c'],
      track: false,
    })
  })

  test('reads a date of either kind as the same moment', () => {
    const headers = ['Thu, 31 Jan 2030 08:00:00 +0000', '2030-01-31T09:00:00+01:00'].map((date) =>
      buildHeaders(readOptionArguments([`deliverBy=${date}`])),
    )

    expect(headers[0]).toEqual(headers[1])
  })

  test('refuses a date without its offset', () => {
    expect(() => readOptionArguments(['deliverBy=2030-01-31T09:00:00'])).toThrow(
      "--option 'deliverBy=2030-01-31T09:00:00+01:00'",
    )
  })
})
