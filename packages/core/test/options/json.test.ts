import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import { buildHeaders, type JsonObject } from '../../src/headers.ts'

function written(variables: unknown): string {
  const [field] = buildHeaders({ variables: variables as JsonObject })['X-Mailgun-Variables'] ?? []
  return field?.value ?? ''
}

const canary = 'canary-7f3a'

/** The refusal of a value at `variables.at`. */
function refusalOf(value: unknown): { path: string; message: string } {
  try {
    written({ at: value })
  } catch (error) {
    return error as { path: string; message: string }
  }
  return { path: 'none', message: 'nothing was refused' }
}

describe('what is written', () => {
  test.each([
    ['é', '"\\u00e9"'],
    ['😀', '"\\ud83d\\ude00"'],
    ['\ud800', '"\\ud800"'],
    ['\0\u0001\u001f', '"\\u0000\\u0001\\u001f"'],
    ['\u007f\u0085', '"\\u007f\\u0085"'],
    ['\u2028\u2029', '"\\u2028\\u2029"'],
    ['\r\n', '"\\r\\n"'],
    ['%0d%0a', '"%0d%0a"'],
    ['=?utf-8?Q?x?=', '"\\u003d?utf-8?Q?x?="'],
    ['==??', '"=\\u003d??"'],
    ['\\"', '"\\\\\\""'],
    ['</script>&', '"</script>&"'],
  ])('%j is escaped in ASCII', (text, token) => {
    expect(written({ a: text })).toBe(`{"a":${token}}`)
    expect(JSON.parse(written({ a: text }))).toEqual({ a: text })
  })

  test('keys are escaped as values are', () => {
    expect(written({ '=?é\r\n': 1 })).toBe('{"\\u003d?\\u00e9\\r\\n":1}')
  })

  test('a key without a value is left out', () => {
    expect(written({ a: undefined, b: 1, c: undefined })).toBe('{"b":1}')
  })

  test('an object without a prototype and one of another realm are objects', () => {
    const bare = Object.assign(Object.create(null) as object, { a: 1 })
    const foreign = runInNewContext('({ a: 1, b: [{ c: 2 }] })') as unknown

    expect(written(bare)).toBe('{"a":1}')
    expect(written(foreign)).toBe('{"a":1,"b":[{"c":2}]}')
  })

  test('own keys named __proto__, constructor and prototype are keys', () => {
    const hostile = JSON.parse('{"__proto__":{"x":1},"constructor":2,"prototype":3}') as unknown

    expect(written(hostile)).toBe('{"__proto__":{"x":1},"constructor":2,"prototype":3}')
  })

  test('inherited properties and accessors are not there', () => {
    const hidden = Object.defineProperty({ a: 1, [Symbol('b')]: 2 }, 'c', { value: 3 })

    expect(written(hidden)).toBe('{"a":1}')
  })

  test('each property is read once', () => {
    let reads = 0
    const counted = {
      get a() {
        reads += 1
        return reads === 1 ? 'first' : 'second\r\nX-Evil: 1'
      },
    }

    expect(written(counted)).toBe('{"a":"first"}')
  })
})

describe('a value that JSON cannot hold without a change', () => {
  const cycle: Record<string, unknown> = {}
  cycle.a = cycle

  test.each([
    ['NaN', Number.NaN],
    ['Infinity', Number.POSITIVE_INFINITY],
    ['a BigInt', 1n],
    ['a function', () => canary],
    ['a symbol', Symbol(canary)],
    ['a Date', new Date(0)],
    ['an invalid Date', new Date(Number.NaN)],
    ['a Map', new Map([[canary, 1]])],
    ['a Buffer', Buffer.from(canary)],
    ['a boxed text', Object(canary) as unknown],
    ['an object with toJSON', { toJSON: () => canary }],
    ['an instance of a class', new (class Secret {})()],
    ['an object that inherits', Object.create({ secret: canary }) as unknown],
    ['an object that inherits from a bare one', Object.create(bare()) as unknown],
    ['a hole in an array', Array.from({ length: 2, 0: canary })],
    ['a promise', Promise.resolve(canary)],
  ])('%s is refused by its path', (_name, value) => {
    const { path, message } = refusalOf(value)

    expect(path).toMatch(/^variables\.at/)
    expect(message).not.toContain(canary)
  })

  test('a cycle is refused', () => {
    expect(refusalOf(cycle).message).toContain('is nested deeper than 32 levels')
  })

  test('ten thousand levels are refused without exhausting the stack', () => {
    const deep = JSON.parse(`${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`) as unknown

    expect(refusalOf(deep).message).toContain('is nested deeper than 32 levels')
  })

  test('one object in very many places is refused before it fills the memory', () => {
    let pair: unknown = {}
    for (let level = 0; level < 30; level += 1) pair = { a: pair, b: pair }

    expect(refusalOf(pair).message).toContain('is too large for a header')
  })

  test('more than a million characters are refused before they are put together', () => {
    const many = Object.fromEntries(Array.from({ length: 100_000 }, (_, n) => [`name${n}`, n]))

    expect(refusalOf(many).message).toContain('is too large for a header')
  })

  test.each([
    ['ten megabytes', canary.repeat(1_000_000)],
    ['one line and a character', 'x'.repeat(996)],
    ['one line once escaped', 'é'.repeat(200)],
  ])('a string of %s is refused without its value', (_name, text) => {
    const { path, message } = refusalOf(text)

    expect(path).toBe('variables.at')
    expect(message).toContain('is too long: a JSON string must fit in one header line')
    expect(message).not.toContain(canary)
  })

  test('a key too long is refused, and not named', () => {
    const { path } = refusalOf({ [canary.repeat(200)]: 1 })

    expect(path).toBe('variables.at[0]')
  })

  test.each([[[]], ['{"a":1}'], [7], [true], [new Map()], [() => ({})]])(
    'variables that are not an object are refused: %j',
    (variables) => {
      expect(() => written(variables)).toThrow('variables must be a plain object')
    },
  )

  test('an error of a getter comes through as it is', () => {
    const own = new Error('from the getter')
    const throwing = {
      get a(): string {
        throw own
      },
    }

    expect(() => written(throwing)).toThrow(own)
  })
})

test('a key that is an address is counted and not named', () => {
  const variables = { 'ada@example.net': {}, [`${canary}@example.net`]: { name: Number.NaN } }

  expect(() => buildHeaders({ recipientVariables: variables })).toThrow(
    'recipientVariables[1].name must be a finite number',
  )
})

function bare(): object {
  return Object.assign(Object.create(null) as object, { secret: canary })
}
