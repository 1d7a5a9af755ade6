import { expect, test } from 'vitest'
import { readParameters } from '../../src/mime/parameters.ts'

test.each([
  ['text/plain', 'text/plain', {}],
  ['Text/HTML; Charset="utf-8"', 'text/html', { charset: 'utf-8' }],
  ['text/plain; charset=us-ascii (plain text)', 'text/plain', { charset: 'us-ascii' }],
  ['a/b; name="x;y\\"z.txt"; other=1', 'a/b', { name: 'x;y"z.txt', other: '1' }],
  ['a/b; name=This is a test.txt', 'a/b', { name: 'This is a test.txt' }],
  ['a/b name="x.pdf"', 'a/b', {}],
  ["attachment; filename*=utf-8''na%C3%AFve.txt", 'attachment', { filename: 'naïve.txt' }],
  ["attachment; filename*=iso-8859-1'en'%E9t%E9", 'attachment', { filename: 'été' }],
  [
    "attachment; filename*1=and.txt; filename*0*=utf-8''%E2%82%AC%20",
    'attachment',
    { filename: '€ and.txt' },
  ],
  ['attachment; filename="=?utf-8?B?w6kudHh0?="', 'attachment', { filename: 'é.txt' }],
  ['attachment; filename="unfinished', 'attachment', { filename: 'unfinished' }],
])('reads %j', (field, value, parameters) => {
  expect(readParameters(field)).toEqual({
    value,
    parameters: new Map(Object.entries(parameters)),
  })
})

test.each(['; a="', ';=', "a*0*=''%", '\\"', '; a*1=x'])(
  'reads a megabyte of %j in no time',
  (piece) => {
    const started = performance.now()
    readParameters(`text/plain${piece.repeat(250_000)}`)
    expect(performance.now() - started).toBeLessThan(500)
  },
)
