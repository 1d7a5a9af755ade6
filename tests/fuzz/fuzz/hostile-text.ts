import fc from 'fast-check'

/** A word that no error may show; with its blank it is no plain key either. */
export const canary = 'canary 5e1f'

/** What breaks out of headers, commands, JSON and addresses, or reads as another thing than it is. */
const awkward: readonly string[] = [
  '\r\n',
  '\n',
  '\r',
  '\0',
  '	',
  ' ',
  '\v',
  '\f',
  '',
  '',
  '\u2028',
  '\u2029',
  '@',
  '<',
  '>',
  '"',
  '\\',
  '(',
  ')',
  ',',
  ';',
  ':',
  '[',
  ']',
  '.',
  '..',
  '-',
  '_',
  '%',
  '=',
  '=?utf-8?Q?x?=',
  '=?',
  '?=',
  '%0d%0a',
  '%recipient.name%',
  '%recipient_email%',
  '\r\nRCPT TO:<evil@z.test>',
  '\r\nBcc: evil@z.test',
  '\r\n.\r\n',
  '> SIZE=1',
  'g: ',
  'evil@z.test',
  '<evil@z.test>',
  ', evil@z.test',
  ';evil@z.test',
  '@relay.test:',
  '＠',
  '。',
  '．',
  'K',
  '­',
  '​',
  '‮',
  '﻿',
  '́',
  'é',
  'ß',
  'İ',
  'ﬀ',
  'ж',
  '😀',
  '\ud800',
  '\udc00',
  'xn--',
  'XN--BCHER-KVA',
  '127.0.0.1',
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  canary,
]

/** A text of awkward pieces, of any letters, or of both. */
export const hostileText: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...awkward) },
      { weight: 2, arbitrary: fc.string({ maxLength: 8 }) },
      { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 8 }) },
      { weight: 1, arbitrary: fc.integer({ min: 60, max: 1100 }).map((n) => 'x'.repeat(n)) },
    ),
    { maxLength: 8 },
  )
  .map((pieces) => pieces.join(''))

/** A text with awkward pieces put into it, often none. */
export function spoilt(plain: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const blow = fc.tuple(fc.nat({ max: 40 }), fc.constantFrom(...awkward), fc.nat({ max: 2 }))
  return fc.tuple(plain, fc.array(blow, { maxLength: 3 })).map(([text, blows]) =>
    blows.reduce((hurt, [at, piece, lost]) => {
      return hurt.slice(0, at) + piece + hurt.slice(at + lost)
    }, text),
  )
}
