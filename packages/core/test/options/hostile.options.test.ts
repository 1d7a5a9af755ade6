import PostalMime from 'postal-mime'
import { describe, expect, test } from 'vitest'
import {
  InvalidOptionError,
  mailgunHeaders,
  mergeOptions,
  parseHeaders,
  withMailgunOptions,
  type MailgunOptions,
} from '../../src/index.ts'
import { meaningOf } from '../values/meaning.ts'
import { letter, wireOf, type Wire } from '../wire/wire.ts'

const canary = 'canary-e0d4'

const texts: Readonly<Record<string, string>> = {
  'a carriage return': `${canary}\r`,
  'a line feed': `${canary}\n`,
  'another header': `${canary}\r\nX-Evil: 1`,
  'a folded header': `${canary}\r\n X-Evil: 1`,
  'the end of the headers': `${canary}\r\n\r\nbody`,
  'the end of the message': `${canary}\r\n.\r\nMAIL FROM:<x@y.test>`,
  NUL: `${canary}\0`,
  DEL: `${canary}\u007f`,
  'a next line': `${canary}\u0085`,
  'a line separator': `${canary}\u2028`,
  'a vertical tab': `${canary}\v`,
  quotes: `"${canary}"\\"`,
  commas: `${canary}, ${canary}`,
  'an encoded line break': `${canary}%0d%0aX-Evil: 1`,
  'a lone surrogate': `${canary}\ud800`,
  'letters beyond ASCII': `${canary} é 😀`,
  'an encoded word': `=?utf-8?Q?${canary}?=`,
  blanks: ` ${canary} `,
  nothing: '',
  'ten megabytes': canary.repeat(1_000_000),
}

const cycle: Record<string, unknown> = { canary }
cycle.self = cycle

const others: Readonly<Record<string, unknown>> = {
  NaN: Number.NaN,
  Infinity: Number.NEGATIVE_INFINITY,
  'a number': 7,
  true: true,
  'a BigInt': 10n,
  'a symbol': Symbol(canary),
  'a function': () => canary,
  'an invalid Date': new Date(Number.NaN),
  'a Date': new Date(0),
  'a boxed text': Object(canary) as unknown,
  'an object with toString': { toString: () => canary, toJSON: () => canary },
  'an instance': new (class Secret {
    readonly canary = canary
  })(),
  'a Map': new Map([[canary, canary]]),
  'a Buffer': Buffer.from(canary),
  'an empty object': {},
  'an empty list': [],
  'a nested list': [[canary]],
  'a list with a hole': Array.from({ length: 3, 1: 'x' }).fill('x', 0, 1),
  'a list of a hundred thousand': Array.from({ length: 100_000 }, () => [canary]),
  'a cycle': cycle,
  'an inherited object': Object.create({ canary }) as unknown,
  'an own key __proto__': JSON.parse(`{"__proto__":{"canary":"${canary}"}}`) as unknown,
  'an own key constructor': JSON.parse('{"constructor":{"prototype":{"canary":1}}}') as unknown,
  'a Proxy of an object': new Proxy({ a: canary }, {}),
  'a Proxy of a list': new Proxy([canary], {}),
  'a Proxy of a Date': new Proxy(new Date(0), {}),
}

const values = Object.entries({ ...texts, ...others })

/** Options with a hostile value, and with it inside a list or an object. */
function placesOf(option: string, value: unknown): unknown[] {
  const key = typeof value === 'string' ? value : 'key'
  const places: Record<string, unknown[]> = {
    tags: [value, [value], ['x', value]],
    suppressHeaders: [value, [value]],
    variables: [value, { a: value }, { [key]: 1 }, { a: [value] }, { a: { b: value } }],
    templateVariables: [value, { a: value }, { [key]: value }],
    recipientVariables: [value, { 'a@b.test': value }, { [key]: {} }, { 'a@b.test': { a: value } }],
  }
  return (places[option] ?? [value]).map((place) => ({ [option]: place }))
}

/** The fields of a letter without options. */
const plain = await wireOf({ ...letter, text: 'x' })
const usual = new Set(plain.fields.map(([name]) => name))

test.each(values)(
  '%s is refused by its path in every option, or carried unchanged',
  async (_name, value) => {
    expect(mailgunHeaders).toHaveLength(24)

    for (const { option, header } of mailgunHeaders) {
      for (const given of placesOf(option, value) as MailgunOptions[]) {
        const result = await wireOf({ ...letter, text: 'x', mailgun: given }).catch(
          (error: unknown) => error as Error,
        )

        if (result instanceof Error) expectRefusal(result, option)
        else expectUnchanged(result, header, given)
      }
    }
  },
)

function expectUnchanged(
  { raw, block, fields }: Wire,
  header: string,
  given: MailgunOptions,
): void {
  const added = fields.map(([name]) => name).filter((name) => !usual.has(name))

  expect(added.filter((name) => name.toLowerCase() !== header.toLowerCase())).toEqual([])
  expect(raw.slice(block.length)).toBe('\r\n\r\nx\r\n')
  expect(meaningOf(parseHeaders(fields))).toEqual(meaningOf(given))
}

function expectRefusal(error: Error, option: string): void {
  expect(error).toBeInstanceOf(InvalidOptionError)
  expect((error as InvalidOptionError).path).toMatch(new RegExp(`^${option}(?:$|[.[])`))
  expect(error.message).not.toContain(canary)
  expect(error.message).not.toMatch(/[\r\n]/)
}

test.each([
  '=?utf-8?Q?x?=',
  '=?utf-8?Q?x?= =?utf-8?Q?y?=',
  '=?UTF-8?B?eA==?=',
  '=?utf-8?Q?broken',
  '=?utf-8?Z?x?=',
  '=?us-ascii?q??=',
  '=? utf-8?Q?x?=',
  '==?utf-8?Q?x?=?=',
  '?==?utf-8?Q?x?=',
  `${'x'.repeat(70)}=?utf-8?Q?${'y'.repeat(60)}?=`,
])(
  'what looks like an encoded word in JSON is read by every parser as it was: %s',
  async (text) => {
    const variables = { a: text, [text]: [text, { b: `${text} ${text}` }] }

    const { raw, fields } = await wireOf({ ...letter, mailgun: { variables } })
    const { headers } = await PostalMime.parse(Buffer.from(raw, 'latin1'))

    expect(raw.slice(0, raw.indexOf('\r\n\r\n'))).not.toContain('=?')
    expect(parseHeaders(fields).variables).toEqual(variables)
    expect(parseHeaders(headers.map(({ key, value }) => [key, value])).variables).toEqual(variables)
  },
)

describe('options that are not what they seem', () => {
  test('a getter that answers anew is read once for what is written', async () => {
    let reads = 0
    const given = {
      get templateName(): string {
        reads += 1
        return reads === 1 ? 'welcome' : `${canary}\r\nX-Evil: 1`
      },
    }

    const { mailgun } = await wireOf({ ...letter, mailgun: given })

    expect(mailgun).toEqual(['X-Mailgun-Template-Name: welcome'])
  })

  test('a list that grows or changes while it is read', async () => {
    let reads = 0
    const tags = new Proxy(['a', 'b'], {
      get: (list, key, receiver) => {
        reads += 1
        return key === '1' && reads > 4
          ? 'x\r\nX-Evil: 1'
          : (Reflect.get(list, key, receiver) as unknown)
      },
    })

    const sending = wireOf({ ...letter, mailgun: { tags } }).then(({ block }) => block)

    await expect(sending.catch((error: Error) => error.message)).resolves.not.toContain('X-Evil')
  })

  test('options polluted onto every object count nowhere', async () => {
    const everyObject = Object.prototype as { tags?: string[] }
    everyObject.tags = [canary]
    try {
      const { mailgun } = await wireOf({ ...letter, mailgun: { track: true } })

      expect(mailgun).toEqual(['X-Mailgun-Track: yes'])
    } finally {
      delete everyObject.tags
    }
  })

  test.each([
    ['inherited', Object.create({ tags: [canary] })],
    [
      'inherited from a bare object',
      Object.create(Object.assign(Object.create(null), { tags: [canary] })),
    ],
    [
      'an instance',
      new (class Options {
        readonly tags = [canary]
      })(),
    ],
    ['a list', [{ tags: [canary] }]],
    ['a text', canary],
    ['a function', () => ({ tags: [canary] })],
    ['an own key __proto__', JSON.parse('{"__proto__":{"tags":["x"]}}')],
    ['an unknown option', { tags: ['x'], nativeSend: true }],
    ['a header name', { 'X-Mailgun-Tag': [canary] }],
  ])('options that are %s are refused from every layer', async (_name, given: unknown) => {
    const options = given as MailgunOptions
    const refusal: unknown = expect.objectContaining({ name: 'InvalidOptionError' })

    expect(() => mergeOptions({}, options)).toThrow(refusal as Error)
    await expect(wireOf({ ...letter, mailgun: options })).rejects.toEqual(refusal)
    await expect(withMailgunOptions(options, () => wireOf(letter))).rejects.toEqual(refusal)
  })
})
