import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mergeOptions, type MailgunOptions } from '../../src/index.ts'
import { freeze } from '../values/freeze.ts'
import { meaningOf } from '../values/meaning.ts'
import { optionValues, someOptions } from '../values/option-values.ts'

/** Merged options, compared without the order of keys. */
function merged(...layers: MailgunOptions[]): unknown {
  const { variables, recipientVariables, templateVariables, ...rest } = mergeOptions(...layers)
  return JSON.parse(
    JSON.stringify([meaningOf(rest), variables, recipientVariables, templateVariables]),
  )
}

function holds(law: (...layers: [MailgunOptions, MailgunOptions, MailgunOptions]) => void): void {
  fc.assert(fc.property(someOptions, someOptions, someOptions, law), { numRuns: 150 })
}

describe('layers without null', () => {
  test('an empty layer changes nothing on either side', () => {
    holds((options) => {
      expect(merged({}, options)).toEqual(merged(options))
      expect(merged(options, {})).toEqual(merged(options))
    })
  })

  test('it does not matter which neighbours are merged first', () => {
    holds((outer, middle, inner) => {
      const all = merged(outer, middle, inner)

      expect(merged(mergeOptions(outer, middle), inner)).toEqual(all)
      expect(merged(outer, mergeOptions(middle, inner))).toEqual(all)
    })
  })

  test('the innermost scalar holds', () => {
    holds((outer, _middle, inner) => {
      const { track, templateName, deliverWithin } = mergeOptions(outer, inner)

      expect(track).toBe(inner.track ?? outer.track)
      expect(templateName).toBe(inner.templateName ?? outer.templateName)
      expect(deliverWithin).toBe(inner.deliverWithin ?? outer.deliverWithin)
    })
  })

  test('merging twice is merging once', () => {
    holds((options) => {
      expect(merged(options, options)).toEqual(merged(options, options, options))
    })
  })

  test('the layers stay as they are', () => {
    holds((outer, middle, inner) => {
      const layers = [freeze(outer), freeze(middle), freeze(inner)]

      expect(() => mergeOptions(...layers)).not.toThrow()
    })
  })
})

test('null clears what lies below, for every option, and undefined inherits it', () => {
  for (const [name, values] of Object.entries(optionValues)) {
    const [value] = fc.sample<unknown>(values, 1)
    const set = { [name]: value } as MailgunOptions

    expect(mergeOptions(set, { [name]: null })).toEqual({})
    expect(mergeOptions({ [name]: null }, set)).toEqual(set)
    expect(mergeOptions(set, { [name]: undefined })).toEqual(set)
  }
})

test('tags unite, each once whatever its case, in the order they came', () => {
  expect(mergeOptions({ tags: ['News', 'a'] }, { tags: ['NEWS', 'b', 'A'] }).tags).toEqual([
    'News',
    'a',
    'b',
  ])
})

test('variables merge key by key, recipient variables within each recipient', () => {
  const outer: MailgunOptions = {
    variables: { a: 1, b: { c: 1 } },
    recipientVariables: { 'ada@example.net': { name: 'Ada', n: 1 } },
  }
  const inner: MailgunOptions = {
    variables: { a: undefined, b: { d: 2 } },
    recipientVariables: { 'ada@example.net': { n: 2 }, 'bob@example.net': {} },
  }

  expect(mergeOptions(outer, inner)).toEqual({
    variables: { a: 1, b: { d: 2 } },
    recipientVariables: { 'ada@example.net': { name: 'Ada', n: 2 }, 'bob@example.net': {} },
  })
})

test('a key named __proto__ is a key', () => {
  const inner = JSON.parse('{"__proto__":{"polluted":true}}') as { polluted?: boolean }

  const { variables } = mergeOptions({ variables: { a: 1 } }, { variables: { ...inner } })

  expect(JSON.stringify(variables)).toBe('{"a":1,"__proto__":{"polluted":true}}')
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
})

test.each([
  ['tags', { tags: ['a'] }, { tags: 'news' }],
  ['tags[1]', { tags: ['a'] }, { tags: ['b', 7] }],
  ['variables', { variables: { a: 1 } }, { variables: ['a'] }],
  ['recipientVariables[0]', { recipientVariables: { a: {} } }, { recipientVariables: { a: 'x' } }],
])('refuses a layer whose %s cannot be merged', (path, outer, inner) => {
  expect(() => mergeOptions(outer as MailgunOptions, inner as unknown as MailgunOptions)).toThrow(
    expect.objectContaining({ path }),
  )
})

test('refuses an option that Mailgun does not have, in any layer', () => {
  expect(() => mergeOptions({}, { tag: ['a'] } as MailgunOptions)).toThrow(
    'tag is not an option of Mailgun; did you mean tags?',
  )
})
