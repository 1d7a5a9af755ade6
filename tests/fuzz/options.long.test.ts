import {
  buildHeaders,
  InvalidOptionError,
  lint,
  mailgunHeaders,
  mergeOptions,
  parseHeaders,
  type MailgunOptions,
} from '@mailgun-smtp/core/headers'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fuzz } from './fuzz/fuzz.ts'
import { canary, hostileText, spoilt } from './fuzz/hostile-text.ts'

const anything = fc.anything({
  key: hostileText,
  maxDepth: 4,
  values: [hostileText, fc.double(), fc.boolean(), fc.constant(null), fc.constant(undefined)],
  withBigInt: true,
  withBoxedValues: true,
  withDate: true,
  withMap: true,
  withNullPrototype: true,
  withObjectString: true,
  withSet: true,
  withSparseArray: true,
  withTypedArray: true,
})

const json = fc.letrec<{ value: unknown; object: object }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, depthSize: 'small' },
    hostileText,
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    tie('object'),
  ),
  object: fc.dictionary(hostileText, tie('value'), { maxKeys: 5 }),
})).object

/** Values near those that an option takes. */
const near = fc.oneof(
  spoilt(
    fc.constantFrom(
      'welcome',
      'example.com/s1',
      '2030-01-02T03:04:05Z',
      '2030-01-02T03:04:05+02:00',
      '1h30m',
      '24h',
      '72h',
      '16:00',
      '04:00PM',
      '192.0.2.1',
      '2001:db8::1',
      'all',
      'https://example.com/a?b=c',
      'htmlonly',
      'yes',
      'no',
      'X-Mailgun-Sid',
    ),
  ),
  fc.boolean(),
  fc.date({ noInvalidDate: false }),
  json,
  fc.dictionary(hostileText, json, { maxKeys: 4 }),
  fc.array(fc.oneof(hostileText, spoilt(fc.constant('a tag'))), { maxLength: 5 }),
  fc.constantFrom(null, undefined),
)

const names = mailgunHeaders.map(({ option }) => option)

const options = fc.dictionary(
  fc.oneof(
    { weight: 60, arbitrary: fc.constantFrom<string>(...names) },
    { weight: 1, arbitrary: hostileText },
  ),
  fc.oneof({ weight: 3, arbitrary: near }, { weight: 1, arbitrary: anything }),
  { minKeys: 1, maxKeys: 4 },
) as fc.Arbitrary<MailgunOptions>

const prototypes = [Object.prototype, Array.prototype, Function.prototype, String.prototype]
const untouched = prototypes.map((prototype) => Reflect.ownKeys(prototype))

test('options are refused by their path, or read back the same', async () => {
  const property = fc.property(options, options, (given, outer) => {
    const merged = attempt(() => mergeOptions(outer, given))
    const built = attempt(() => buildHeaders(given))
    if (merged) attempt(() => buildHeaders(merged))

    if (built) {
      expectSame(given, fieldsOf(built))
      lint({ to: 'ada@example.net', text: '%recipient.a%', mailgun: given })
    }
    expect(prototypes.map((prototype) => Reflect.ownKeys(prototype))).toEqual(untouched)
  })

  await fuzz('options', property, { cases: 5000, atNight: 30_000 })
})

test('fields as received are read or reported, and nothing of them throws', async () => {
  const name = fc.oneof(
    fc.constantFrom(...mailgunHeaders.map(({ header }) => header)),
    hostileText.map((text) => `X-Mailgun-${text}`),
  )
  const value = fc.oneof(
    spoilt(fc.constantFrom('yes', '{"a":{"b":1}}', '=?utf-8?Q?yes?=', '24h', '16:00')),
    spoilt(json.map((object) => JSON.stringify(object))),
    hostileText,
  )
  const property = fc.property(fc.array(fc.tuple(name, value), { maxLength: 5 }), (fields) => {
    const problems: unknown[] = []
    const read = parseHeaders(fields, (problem) => problems.push(problem))

    attempt(() => parseHeaders(fields))
    for (const option of Object.keys(read)) expect(names).toContain(option)
    expect(
      JSON.stringify(problems.map((problem) => Reflect.get(Object(problem), 'message'))),
    ).not.toContain(canary)
    expect(prototypes.map((prototype) => Reflect.ownKeys(prototype))).toEqual(untouched)
  })

  await fuzz('received fields', property, { cases: 10_000, atNight: 30_000 })
})

/** What it gives, or nothing where it refuses. Any other error fails the property. */
function attempt<Value>(act: () => Value): Value | undefined {
  try {
    return act()
  } catch (error) {
    if (!(error instanceof InvalidOptionError)) throw error
    expect(error.path).not.toBe('')
    expect(error.message).not.toContain(canary)
    expect(error.message).toMatch(/^[\x20-\x7e]*$/)
    return undefined
  }
}

type Field = readonly [name: string, value: string]

function fieldsOf(headers: ReturnType<typeof buildHeaders>): Field[] {
  return Object.entries(headers).flatMap(([name, values]) =>
    values.map(({ value }) => [name, value] as const),
  )
}

function expectSame(given: MailgunOptions, fields: readonly Field[]): void {
  for (const [name, value] of fields) {
    expect(value).toMatch(/^[\x20-\x7e]*(?:\r\n [\x20-\x7e]*)*$/)
    expect(value).not.toContain('=?')
    for (const line of `${name}: ${value}`.split('\r\n')) {
      expect(line.length).toBeLessThanOrEqual(998)
    }
  }
  const read = parseHeaders(fields)
  for (const option of names)
    expect([option, meaningOf(option, read)]).toEqual([option, meaningOf(option, given)])
}

/** What an option says, in a form to compare. */
function meaningOf(option: keyof MailgunOptions, options: MailgunOptions): unknown {
  const value: unknown = options[option]
  if (value === null || value === undefined) return undefined
  // No value turns test mode off, so `false` is not written; nor is an empty list.
  if (option === 'dropMessage') return value === true ? true : undefined
  if (Array.isArray(value) && value.length === 0) return undefined
  if (option === 'deliverBy') return Math.floor(new Date(value as string).getTime() / 1000)
  if (option === 'timeZoneLocalize') return (value as string).toUpperCase()
  if (option === 'suppressHeaders') return namesIn([value].flat() as string[])
  return typeof value === 'object' ? JSON.stringify(value) : value
}

function namesIn(headers: readonly string[]): string {
  return headers.some((header) => header.toLowerCase() === 'all') ? 'all' : headers.join()
}
