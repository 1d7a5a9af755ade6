import { describe, expect, test } from 'vitest'
import {
  complaints,
  echo,
  oversized,
  readForm,
  tooLongFields,
} from '../../src/action/form-input.ts'

function form(...entries: readonly (readonly [string, string | File])[]): FormData {
  const data = new FormData()
  for (const [name, value] of entries) data.append(name, value)
  return data
}

function read(data: FormData, limits = {}) {
  const input = readForm(data, ['website', 'form-stamp'], limits)
  if (input === oversized) throw new Error('The form is over the limits.')
  return input
}

describe('readForm', () => {
  test('reads one value as itself, and a repeated name as a list', () => {
    const input = read(form(['name', 'Ada'], ['topic', 'a'], ['topic', 'b']))

    expect(input.fields).toEqual({ name: 'Ada', topic: ['a', 'b'] })
    expect(input.texts).toEqual(['Ada', 'a', 'b'])
  })

  test("leaves out React's own fields, and those of this package", () => {
    const input = read(
      form(
        ['$ACTION_REF_1', ''],
        ['$ACTION_1:0', '{}'],
        ['$ACTION_KEY', 'k'],
        ['website', ''],
        ['form-stamp', 'x'],
        ['name', 'Ada'],
      ),
    )

    expect(input.fields).toEqual({ name: 'Ada' })
  })

  test.each(['', 'undefined'])('leaves out a file input without a file, named %j', (name) => {
    const file = new File(['x'], 'a.txt')

    const input = read(form(['empty', new File([], name)], ['file', file]))

    expect(input.fields).toEqual({ file })
  })

  test('keeps an empty file that the visitor chose', () => {
    expect(read(form(['file', new File([], 'empty.txt')])).fields).toHaveProperty('file')
  })

  test('reads the line breaks of a textarea as line feeds', () => {
    expect(read(form(['text', 'one\r\ntwo'])).fields).toEqual({ text: 'one\ntwo' })
  })

  test('lets no field reach a prototype', () => {
    const { fields } = read(form(['__proto__', 'a'], ['__proto__', 'b'], ['constructor', 'c']))

    expect(Object.getPrototypeOf(fields)).toBe(Object.prototype)
    expect(Object.entries(fields)).toEqual([['constructor', 'c']])
  })

  test('refuses more fields or characters than the limits', () => {
    const data = form(['a', '1'], ['b', '2'])

    expect(readForm(data, [], { fields: 1 })).toBe(oversized)
    expect(readForm(data, [], { totalLength: 3 })).toBe(oversized)
    expect(readForm(data, [], { fields: 2, totalLength: 4 })).not.toBe(oversized)
  })
})

test('tooLongFields names the fields over the limit, also in a list', () => {
  const input = read(form(['a', '12345'], ['b', '1'], ['b', '12345'], ['c', '1234']))

  expect(tooLongFields(input, { fieldLength: 4 })).toEqual(['a', 'b'])
})

test('readForm reads a field of a list as one, however many values it has', () => {
  const data = form(['colour', 'red'], ['size', 'm'])

  const input = readForm(data, [], {}, ['colour', 'extras'])

  expect(input).toMatchObject({ fields: { colour: ['red'], size: 'm', extras: [] } })
})

test('echo gives back what was typed and chosen in known fields, and never a secret', () => {
  const input = read(
    form(
      ['name', 'Ada'],
      ['other', 'x'],
      ['topic', 'a'],
      ['topic', 'b'],
      ['file', new File(['x'], 'a.txt')],
      ['password', 'x'],
      ['apiToken', 'x'],
    ),
  )
  const known = ['name', 'topic', 'file', 'password', 'apiToken', 'missing', 'toString']

  expect(echo(input, known)).toEqual({ name: 'Ada', topic: ['a', 'b'] })
})

test('complaints sorts issues by the field that their path begins with', () => {
  const sorted = complaints([
    { message: 'one', path: ['email'] },
    { message: 'two', path: [{ key: 'email' }] },
    { message: 'three', path: ['topics', 2] },
    { message: 'four' },
    { message: 'five', path: [] },
    { message: 'six', path: ['__proto__'] },
  ])

  expect(sorted).toEqual({
    fieldErrors: { email: ['one', 'two'], topics: ['three'] },
    formErrors: ['four', 'five', 'six'],
  })
})
