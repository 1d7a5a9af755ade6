import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import {
  buildHeaders,
  mailgunHeaders,
  parseHeaders,
  type MailgunOptionName,
  type MailgunOptions,
} from '../../src/headers.ts'

// The table is Mailgun's, copied by hand with its date: the registry cannot be its own witness.
const published = readFileSync(new URL('./published/mailgun-headers.tsv', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => line.split('\t'))
  .map(([header = '', httpParameter = '', values = '']) => ({ header, httpParameter, values }))

test('every published header is an option, and there is no other', () => {
  const ours = mailgunHeaders.map(({ header, httpParameter }) => ({ header, httpParameter }))
  const theirs = published.map(({ header, httpParameter }) => ({ header, httpParameter }))

  expect(theirs).toHaveLength(24)
  expect([...ours].sort(byHeader)).toEqual([...theirs].sort(byHeader))
})

test('an option is named as its header: camelCase, and plural where the header repeats', () => {
  for (const { option, header } of mailgunHeaders) {
    const [first = '', ...others] = header.replace('X-Mailgun-', '').split('-')
    const words = others.map(
      (word) => `${word.charAt(0).toUpperCase()}${word.slice(1).toLowerCase()}`,
    )

    expect([first.toLowerCase(), ...words].join('')).toBe(option === 'tags' ? 'tag' : option)
  }
})

const optionOf = (header: string): MailgunOptionName =>
  mailgunHeaders.find((row) => row.header === header)?.option ?? 'dkim'

function written(header: string, value: unknown): string[] {
  const options = { [optionOf(header)]: value } as MailgunOptions
  return (buildHeaders(options)[header] ?? []).map((field) => field.value)
}

const inWords = published.filter(({ values }) => values.startsWith('yes'))
const repeated = published.filter(({ values }) => values.endsWith('many'))
const json = published.filter(({ values }) => values === 'JSON')

test.each(inWords)('$header is written in its published words and read back', (row) => {
  const option = optionOf(row.header)

  for (const word of row.values.split(' ')) {
    const meaning = word === 'htmlonly' ? word : word === 'yes'

    expect(written(row.header, meaning)).toEqual([word])
    expect(parseHeaders([[row.header, word]])).toEqual({ [option]: meaning })
  }
  expect(() => written(row.header, 'yes')).toThrow(expect.objectContaining({ path: option }))
})

test.each(repeated)('$header is repeated for each value', ({ header }) => {
  expect(written(header, ['First', 'Second'])).toEqual(['First', 'Second'])
})

test.each(json)('$header is a JSON object', ({ header }) => {
  const refusal: unknown = expect.objectContaining({ path: optionOf(header) })

  expect(written(header, { 'ada@example.net': { n: 1 } })).toEqual(['{"ada@example.net":{"n":1}}'])
  expect(() => written(header, [])).toThrow(refusal)
  expect(() => parseHeaders([[header, '["a"]']])).toThrow(refusal)
})

test.each(published)('$header is read whatever the case of its name', ({ header, values }) => {
  const samples: Record<string, string> = {
    text: 'example.com/s1',
    'text, many': 'x',
    date: 'Mon, 23 Nov 2026 09:00:00 +0000',
    duration: '24h',
    address: '192.0.2.1',
    time: '16:00',
    URL: 'https://example.com',
    JSON: '{}',
  }

  for (const name of [header, header.toLowerCase(), header.toUpperCase()]) {
    expect(Object.keys(parseHeaders([[name, samples[values] ?? 'yes']]))).toEqual([
      optionOf(header),
    ])
  }
})

function byHeader(a: { header: string }, b: { header: string }): number {
  return a.header.localeCompare(b.header)
}
