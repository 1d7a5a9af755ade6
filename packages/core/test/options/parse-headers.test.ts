import { describe, expect, test } from 'vitest'
import { parseHeaders, type HeaderProblem } from '../../src/headers.ts'

test('reads yes and no, true and false alike, whatever their case', () => {
  for (const [word, meaning] of [
    ['yes', true],
    ['True', true],
    [' NO ', false],
    ['false', false],
  ] as const) {
    expect(parseHeaders([['x-mailgun-track', word]])).toEqual({ track: meaning })
  }
})

test('several variables are merged, and of another option the last counts', () => {
  expect(
    parseHeaders([
      ['X-Mailgun-Variables', '{"a":1,"b":1}'],
      ['X-Mailgun-Track', 'yes'],
      ['X-Mailgun-Variables', '{"b":2}'],
      ['X-Mailgun-Track', 'no'],
    ]),
  ).toEqual({ variables: { a: 1, b: 2 }, track: false })
})

test('takes any iterable of fields, blanks around a name, and leaves other headers alone', () => {
  const fields = new Map([
    ['Subject', 'Hi'],
    [' X-Mailgun-Tag ', 'a'],
    ['X-Mailgunner', 'b'],
  ])

  expect(parseHeaders(fields)).toEqual({ tags: ['a'] })
})

test('a key named __proto__ is data', () => {
  const { variables } = parseHeaders([['X-Mailgun-Variables', '{"__proto__":{"polluted":1}}']])

  expect(JSON.stringify(variables)).toBe('{"__proto__":{"polluted":1}}')
  expect(Object.getPrototypeOf(variables)).toBe(Object.prototype)
})

describe('a field without a meaning', () => {
  const canary = 'canary-91c2'
  const fields = [
    ['X-Mailgun-Native-Send', canary],
    ['X-Mailgun-Track', canary],
    ['X-Mailgun-Variables', `{"${canary}"`],
    ['X-Mailgun-Recipient-Variables', `{"${canary}@example.net":null}`],
    ['X-Mailgun-Deliver-By', canary],
    ['X-Mailgun-Sending-Ip', canary],
    ['X-Mailgun-Tag', ''],
    ['X-Mailgun-Dkim', 'yes'],
  ] as const

  test('is told, by header and option, without its value', () => {
    const problems: HeaderProblem[] = []

    const options = parseHeaders(fields, (problem) => problems.push(problem))

    expect(options).toEqual({ dkim: true })
    expect(problems.map(({ code, header, option }) => [code, header, option])).toEqual([
      ['unknown-header', 'X-Mailgun-Native-Send', undefined],
      ['unreadable-value', 'X-Mailgun-Track', 'track'],
      ['unreadable-value', 'X-Mailgun-Variables', 'variables'],
      ['unreadable-value', 'X-Mailgun-Recipient-Variables', 'recipientVariables'],
      ['unreadable-value', 'X-Mailgun-Deliver-By', 'deliverBy'],
      ['unreadable-value', 'X-Mailgun-Sending-Ip', 'sendingIp'],
      ['unreadable-value', 'X-Mailgun-Tag', 'tags'],
    ])
    expect(JSON.stringify(problems)).not.toContain(canary)
  })

  test('is refused without a server, unless it is only unknown', () => {
    expect(parseHeaders([['X-Mailgun-Native-Send', 'yes']])).toEqual({})
    expect(() => parseHeaders([['X-Mailgun-Track', canary]])).toThrow('track must be yes or no')
  })
})
