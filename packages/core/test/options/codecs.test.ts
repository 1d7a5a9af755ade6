import { describe, expect, test } from 'vitest'
import { buildHeaders, parseHeaders, type MailgunOptions } from '../../src/headers.ts'

function build(options: Record<string, unknown>): string[] {
  const [fields = []] = Object.values(buildHeaders(options as MailgunOptions))
  return fields.map(({ value }) => value)
}

const accepted: Readonly<Record<string, readonly string[]>> = {
  secondaryDkim: ['example.com/s1', 'a.b-c.example/sel_1.x', 'example.com,s1', 'localhost/s'],
  deliverWithin: ['5m', '30m', '1h', '1h30m', '24h', '1440m', '23h60m', '0h5m'],
  deliveryTimeOptimizePeriod: ['24h', '48h', '72h'],
  timeZoneLocalize: ['00:00', '23:59', '01:00AM', '12:59PM'],
  sendingIp: ['192.0.2.1', '2001:db8::1', '::ffff:192.0.2.1'],
  archiveTo: ['https://example.com', 'HTTP://user:pass@[::1]:8080/a?b=c#d'],
  templateName: ['welcome', 'two words', '%recipient.name%', 'a,b;c'],
}

const refused: Readonly<Record<string, readonly string[]>> = {
  secondaryDkim: ['example.com', '/s1', 'example.com/', 'a b/s', 'example..com/s', 'x/y/z'],
  secondaryDkimPublic: ['example.com s1'],
  deliverWithin: ['', '4m', '0h4m', '24h1m', '1441m', '25h', '1.5h', '5', '1 h', '-5m', '1h 5m'],
  deliveryTimeOptimizePeriod: ['23h', '73h', '24', '24h30m', '100h', '024h'],
  timeZoneLocalize: ['24:00', '12:60', '1:00', '13:00PM', '00:30AM', '04:00 PM', '16:00:00'],
  sendingIp: [
    '192.0.2.256',
    '192.0.2',
    '192.0.2.1/24',
    'example.com',
    ':::',
    '[::1]',
    'fe80::1%en0',
  ],
  archiveTo: [
    'ftp://example.com',
    'example.com',
    'javascript:alert(1)',
    'https://',
    '//example.com',
  ],
}

describe.each(Object.entries(accepted))('%s', (option, values) => {
  test.each(values)('takes %s', (value) => {
    const [written = ''] = build({ [option]: value })

    expect(written.toLowerCase()).toBe(value.toLowerCase())
  })
})

describe.each(Object.entries(refused))('%s', (option, values) => {
  test.each(values)('refuses %j by its path, without the value', (value) => {
    const refusal: unknown = expect.objectContaining({
      path: option,
      code: 'ERR_MAILGUN_INVALID_OPTION',
    })

    expect(() => build({ [option]: value })).toThrow(refusal)
  })
})

describe('tags', () => {
  test('one field for each, spaces and commas kept', () => {
    expect(build({ tags: ['September newsletter', 'a,b', 'x'.repeat(128)] })).toEqual([
      'September newsletter',
      'a,b',
      'x'.repeat(128),
    ])
  })

  test.each([
    ['a line feed', 'a\nb'],
    ['a letter beyond ASCII', 'é'],
    ['129 characters', 'x'.repeat(129)],
    ['no character', ''],
    ['a blank before it', ' a'],
    ['what looks like an encoded word', '=?utf-8?Q?a?='],
    ['a lone surrogate', '\ud800'],
    ['a tabulator', 'a\tb'],
  ])('refuses a tag with %s', (_name, tag) => {
    expect(() => build({ tags: ['good', tag] })).toThrow(
      expect.objectContaining({ path: 'tags[1]' }),
    )
  })

  test('an empty list writes nothing', () => {
    expect(buildHeaders({ tags: [] })).toEqual({})
  })
})

describe('suppressHeaders', () => {
  test("takes names, and 'all'", () => {
    expect(build({ suppressHeaders: ['X-Mailgun-Sid', 'X-Mailgun-Tag'] })).toHaveLength(2)
    expect(build({ suppressHeaders: 'all' })).toEqual(['all'])
  })

  test.each(['X-A:', 'X A', 'X-A,all', 'é', '', 'X-A\r\n'])('refuses the name %j', (name) => {
    expect(() => build({ suppressHeaders: [name] })).toThrow(
      expect.objectContaining({ path: 'suppressHeaders[0]' }),
    )
  })

  test("refuses a string other than 'all'", () => {
    expect(() => build({ suppressHeaders: 'X-Mailgun-Sid' })).toThrow(
      "suppressHeaders must be a list of header names, or 'all'",
    )
  })

  test('reads the comma list of the HTTP API, and all among names', () => {
    const read = (value: string): unknown =>
      parseHeaders([['X-Mailgun-Suppress-Headers', value]]).suppressHeaders

    expect(read('X-Mailgun-Sid, X-Mailgun-Tag')).toEqual(['X-Mailgun-Sid', 'X-Mailgun-Tag'])
    expect(read('X-Mailgun-Sid, ALL')).toBe('all')
  })
})

test('dropMessage can be switched on but not off', () => {
  expect(buildHeaders({ dropMessage: true })).toEqual({
    'X-Mailgun-Drop-Message': [{ prepared: true, value: 'yes' }],
  })
  expect(buildHeaders({ dropMessage: false })).toEqual({})
})

test('more than a thousand recipients are refused, with the cure', () => {
  const variables = (count: number): Record<string, object> =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`a${index}@example.net`, {}]))

  expect(build({ recipientVariables: variables(1000) })).toHaveLength(1)
  expect(() => build({ recipientVariables: variables(1001) })).toThrow(
    'recipientVariables must name at most 1000 recipients; send the rest in another message',
  )
})

test('null and undefined write nothing', () => {
  expect(buildHeaders({ tags: null, track: undefined, variables: null })).toEqual({})
})
