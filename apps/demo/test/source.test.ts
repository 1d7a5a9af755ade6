import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { allFlows } from '../src/shop/flows.ts'
import { readListings } from '../src/shop/listing.tsx'
import { tokenize } from '../src/shop/source.ts'

const demo = join(import.meta.dirname, '..')

// Every process of the demo runs in its folder; these tests run anywhere.
beforeEach(() => void vi.spyOn(process, 'cwd').mockReturnValue(demo))
afterEach(() => void vi.restoreAllMocks())

const files = allFlows.flatMap((flow) => flow.files)

describe.each(files)('the listing of %s', (file) => {
  it('is the file itself', async () => {
    const [listing] = await readListings([file])

    expect(listing?.source).toBe(readFileSync(join(demo, file), 'utf8').trimEnd())
  })

  it('loses and adds nothing when it is coloured', () => {
    const source = readFileSync(join(demo, file), 'utf8')

    expect(
      tokenize(source)
        .map(({ text }) => text)
        .join(''),
    ).toBe(source)
  })
})

describe('colours', () => {
  const kindsOf = (source: string): string[] =>
    tokenize(source)
      .filter(({ kind }) => kind !== 'plain')
      .map(({ kind, text }) => `${kind} ${text}`)

  it('tell a word of the language from a property of that name', () => {
    expect(kindsOf("import a from 'b'")).toEqual(['word import', 'word from', "text 'b'"])
    expect(kindsOf('send({ from: a, type: b.new })')).toEqual([])
  })

  it('leave comments and strings as they are', () => {
    expect(kindsOf("// const 'a'\n'// b' /* 1 */ `${2}`")).toEqual([
      "comment // const 'a'",
      "text '// b'",
      'comment /* 1 */',
      'text `${2}`',
    ])
  })

  it('know decorators and numbers', () => {
    expect(kindsOf('@MailgunOptions({}) a1 = 1_000')).toEqual([
      'decorator @MailgunOptions',
      'number 1_000',
    ])
  })
})
