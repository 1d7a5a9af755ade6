import fc from 'fast-check'
import PostalMime from 'postal-mime'
import { expect, test } from 'vitest'
import { buildHeaders, parseHeaders, type MailgunOptions } from '../../src/index.ts'
import { meaningOf } from '../values/meaning.ts'
import { optionValues, someOptions } from '../values/option-values.ts'
import { unfolders } from '../wire/unfolders.ts'
import { letter, wireOf, type Wire } from '../wire/wire.ts'

const jsonHeaders = /^X-Mailgun-(?:Recipient-|Template-)?Variables$/

async function holds(
  law: (wire: Wire, options: MailgunOptions) => void | Promise<void>,
  numRuns = 150,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(someOptions, async (options) => {
      await law(await wireOf({ ...letter, mailgun: options }), options)
    }),
    { numRuns },
  )
}

test.each(Object.entries(unfolders))(
  'options come back from nodemailer by a reader that %s',
  async (_name, unfold) => {
    await holds(({ fields }, options) => {
      const received = fields.map(([name, value]) => [name, unfold(value)] as const)

      expect(meaningOf(parseHeaders(received))).toEqual(meaningOf(options))
    })
  },
)

test('options come back from nodemailer as folded, and through postal-mime', async () => {
  await holds(async ({ raw, fields }, options) => {
    const { headers } = await PostalMime.parse(Buffer.from(raw, 'latin1'))
    const received = headers.map(({ key, value }) => [key, value] as const)

    expect(meaningOf(parseHeaders(fields))).toEqual(meaningOf(options))
    expect(meaningOf(parseHeaders(received))).toEqual(meaningOf(options))
  })
})

test('every option alone comes back', async () => {
  for (const [name, values] of Object.entries(optionValues)) {
    for (const value of fc.sample<unknown>(values, 20)) {
      const options = { [name]: value } as MailgunOptions
      const { fields } = await wireOf({ ...letter, mailgun: options })

      expect(meaningOf(parseHeaders(fields))).toEqual(meaningOf(options))
    }
  }
})

test('a JSON header is the same JSON under every reader', async () => {
  await holds(({ fields }) => {
    for (const [, folded] of fields.filter(([name]) => jsonHeaders.test(name))) {
      const read = Object.values(unfolders).map((unfold) =>
        JSON.stringify(JSON.parse(unfold(folded))),
      )

      expect(new Set(read).size).toBe(1)
    }
  })
})

test('no line is over 998, none is beyond ASCII, and none holds an encoded word', async () => {
  await holds(({ mailgun, block }) => {
    for (const line of block.split('\r\n')) expect(line.length).toBeLessThanOrEqual(998)
    for (const field of mailgun) {
      expect(field).toMatch(/^[\x20-\x7e\r\n]*$/)
      expect(field).not.toContain('=?')
    }
  })
})

test('a line of a JSON header is over 78 only for a token that is', async () => {
  const oneToken = /^ ?(?:X-Mailgun-[\w-]+: )?[{[]*"(?:[^"\\]|\\.)*"[:,\]}]*$/

  await holds(({ mailgun }) => {
    const long = mailgun
      .filter((field) => jsonHeaders.test(field.split(':')[0] ?? ''))
      .flatMap((field) => field.split('\r\n'))
      .filter((line) => line.length > 78)

    expect(long.filter((line) => !oneToken.test(line))).toEqual([])
  })
})

test('a token of JSON is folded off whole, up to the longest line', async () => {
  const longest = 'x'.repeat(998 - ' "",'.length)

  const { block, fields } = await wireOf({
    ...letter,
    mailgun: { variables: { [longest.slice(1)]: longest, after: [longest, longest] } },
  })

  expect(Math.max(...block.split('\r\n').map((line) => line.length))).toBe(998)
  expect(parseHeaders(fields).variables).toEqual({
    [longest.slice(1)]: longest,
    after: [longest, longest],
  })
})

test('what is built twice is the same', () => {
  fc.assert(
    fc.property(someOptions, (options) => {
      expect(buildHeaders(options)).toEqual(buildHeaders(options))
      expect(buildHeaders(parseHeaders(fieldsIn(options)))).toEqual(buildHeaders(options))
    }),
    { numRuns: 150 },
  )
})

function fieldsIn(options: MailgunOptions): (readonly [string, string])[] {
  return Object.entries(buildHeaders(options)).flatMap(([name, values]) =>
    values.map(({ value }) => [name, value] as const),
  )
}
