import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { z as mini } from 'zod/mini'
import { fieldNames, listNames, type StandardSchemaV1 } from '../../src/form/standard-schema.ts'

const object = z.object({ name: z.string(), file: z.file() })

function schema(more: object): StandardSchemaV1 {
  const validate = (value: unknown) => ({ value })
  return { '~standard': { version: 1, vendor: 'test', validate, ...more } }
}

describe('fieldNames', () => {
  test.each([
    ['an object of Zod', object],
    ['one that is refined', object.refine(() => true)],
    ['one of Zod mini', mini.object({ name: mini.string(), file: mini.file() })],
    ['an object of Valibot', { ...schema({}), entries: { name: 0, file: 0 } }],
    [
      'a Standard JSON Schema',
      schema({ jsonSchema: { input: () => ({ properties: { name: {}, file: {} } }) } }),
    ],
  ] as const)('reads %s', (_, given) => {
    expect(fieldNames(given)).toEqual(['name', 'file'])
  })

  test('reads an object that is transformed, by its JSON Schema', () => {
    const given = z.object({ name: z.string() }).transform(({ name }) => name)

    expect(fieldNames(given)).toEqual(['name'])
  })

  test('knows no names where the schema tells none', () => {
    expect(fieldNames(schema({}))).toEqual([])
    expect(fieldNames(z.object({ day: z.date() }).transform(() => 0))).toEqual([])
    expect(fieldNames(z.string())).toEqual([])
  })
})

describe('listNames', () => {
  const topics = z.array(z.string())
  const members = { name: z.string(), topics, more: topics.min(1).optional(), files: z.file() }

  test.each([
    ['an object of Zod', z.object(members), ['topics', 'more']],
    [
      'an object of Valibot',
      {
        ...schema({}),
        entries: {
          name: { type: 'string' },
          topics: { type: 'array' },
          more: { type: 'optional', wrapped: { type: 'array' } },
        },
      },
      ['topics', 'more'],
    ],
    ['an object that is transformed', z.object({ topics }).transform(() => 0), ['topics']],
    ['a schema that tells nothing', schema({}), []],
  ] as const)('finds the lists of %s', (_, given, names) => {
    expect(listNames(given)).toEqual(names)
  })
})
