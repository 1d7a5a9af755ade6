import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { DotStuffing } from '../../src/session/dot-stuffing.ts'

function stuffed(...chunks: readonly string[]): string {
  const stuffing = new DotStuffing()
  const pieces = chunks.map((chunk) => stuffing.write(Buffer.from(chunk, 'latin1')))
  return Buffer.concat([...pieces, stuffing.end()]).toString('latin1')
}

test.each([
  ['', '.\r\n'],
  ['Hi', 'Hi\r\n.\r\n'],
  ['Hi\r\n', 'Hi\r\n.\r\n'],
  ['.', '..\r\n.\r\n'],
  ['a\r\n.\r\nb\r\n', 'a\r\n..\r\nb\r\n.\r\n'],
  ['a\n.\nb', 'a\r\n..\r\nb\r\n.\r\n'],
  ['a\r.\rb', 'a\r\n..\r\nb\r\n.\r\n'],
  ['a\n.\r\nb', 'a\r\n..\r\nb\r\n.\r\n'],
  ['a\r', 'a\r\n.\r\n'],
  ['a\r\r\n', 'a\r\n\r\n.\r\n'],
])('%j is written as %j', (message, written) => {
  expect(stuffed(message)).toBe(written)
})

const hostile = fc.string({ unit: fc.constantFrom('a', '.', '\r', '\n'), maxLength: 40 })

test('wherever a message is cut, it is written the same, and only its end is an end', () => {
  fc.assert(
    fc.property(hostile, fc.array(fc.nat(40), { maxLength: 6 }), (message, cuts) => {
      const places = [0, ...cuts.toSorted((a, b) => a - b), message.length]
      const chunks = places.slice(1).map((end, at) => message.slice(places[at], end))
      const whole = stuffed(message)

      expect(stuffed(...chunks)).toBe(whole)
      expect(whole).not.toMatch(/\r(?!\n)|(?<!\r)\n/)
      expect(`\r\n${whole}`.indexOf('\r\n.\r\n')).toBe(whole.length - '.\r\n'.length)
    }),
    { numRuns: 1000 },
  )
})

test('a chunk that needs nothing is handed on as it is', () => {
  const chunk = Buffer.from('a\r\nb\r\n')
  expect(new DotStuffing().write(chunk)).toBe(chunk)
})
