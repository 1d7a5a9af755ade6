import { expect, test } from 'vitest'
import { lintBatch } from '../../src/batch/lint-batch.ts'
import { Crowd, template } from '../fakes/fake-mailer.ts'

const codes = (...call: Parameters<typeof lintBatch>): string[] =>
  lintBatch(...call).map(({ code }) => code)

test('a placeholder without a variable is warned of, and that it will be empty', () => {
  const warnings = lintBatch(template, [{ to: 'ada@example.com', variables: { first: 'Ada' } }])

  expect(warnings).toMatchObject([
    { code: 'placeholder-without-variable', message: expect.stringContaining('empty') as string },
  ])
})

test('a null is not a variable', () => {
  const variables = { first: 'Ada', code: null }

  expect(codes(template, [{ to: 'ada@example.com', variables }])).toEqual([
    'placeholder-without-variable',
  ])
})

test('a batch in order has no warning: recipients do not see each other', () => {
  const variables = { first: 'Ada', code: 7 }

  expect(
    codes(template, [
      { to: 'ada@EXAMPLE.com', variables },
      { to: 'bob@example.com', variables },
    ]),
  ).toEqual([])
})

test('the first thousand are looked at', () => {
  const crowd = new Crowd(5000)

  codes(template, crowd)

  expect(crowd).toMatchObject({ asked: 1000, isClosed: true })
})
