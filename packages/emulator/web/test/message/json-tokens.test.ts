import { describe, expect, it } from 'vitest'
import type { Json } from '@mailgun-smtp/core/headers'
import { jsonTokens } from '../../message/json-tokens.ts'

function joined(value: Json): string {
  return jsonTokens(value)
    .map(({ text }) => text)
    .join('')
}

describe('jsonTokens', () => {
  it.each<Json>([
    [],
    null,
    -1.5e21,
    'a "quoted" text: with, [marks] {and} \\',
    { a: [1, -2, { b: null }], 'c:d': 'é\n\u2028', '': {}, e: [], f: 'x":"y' },
  ])('loses nothing of %j', (value) => {
    expect(JSON.parse(joined(value))).toEqual(value)
  })

  it('keeps on one line what fits there, and puts the rest below each other', () => {
    const long = 'a text that is long enough to fill a line by itself, or nearly so'

    expect(joined({ on: true, list: [1, 2] })).toBe('{ "on": true, "list": [1, 2] }')
    expect(joined({ long, list: [1, { two: 2 }] })).toBe(
      `{\n  "long": "${long}",\n  "list": [1, { "two": 2 }]\n}`,
    )
  })

  it('tells names, texts and other values apart', () => {
    const kinds = jsonTokens({ name: 'text', count: -1, on: true })
      .filter(({ kind }) => kind !== 'mark')
      .map(({ kind, text }) => `${kind} ${text}`)

    expect(kinds).toEqual([
      'key "name":',
      'string "text"',
      'key "count":',
      'atom -1',
      'key "on":',
      'atom true',
    ])
  })
})
