import { expect, test } from 'vitest'
import { lint } from '../../src/index.ts'

const codes = (message: object): string[] => lint(message).map(({ code }) => code)

test('a mailbox that is there twice is named with both places', () => {
  const [warning] = lint({
    to: ['ada@example.com', 'Ada@example.com'],
    bcc: 'bob@example.com',
  }).filter(({ code }) => code === 'recipient-twice')

  expect(warning).toMatchObject({ path: 'to[1]' })
  expect(warning?.message).toContain('to[0]')
})

test('long References are named with the size of the header fields', () => {
  const references = Array.from(
    { length: 130 },
    (_, index) => `<${'x'.repeat(40)}${index}@a.example>`,
  )
  const [warning] = lint({ to: 'ada@example.com', references })

  expect(warning).toMatchObject({ code: 'headers-over-4-kb', path: 'references' })
  expect(warning?.message).toMatch(/about [78] KB/)
})

test('a placeholder whose key holds a blank is looked for', () => {
  const message = {
    to: 'ada@example.com',
    text: 'Hi %recipient.first name%',
    mailgun: { recipientVariables: { 'ada@example.com': { first: 'Ada' } } },
  }

  expect(codes(message)).toContain('placeholder-without-variable')
  expect(
    codes({
      ...message,
      mailgun: { recipientVariables: { 'ada@example.com': { 'first name': 'Ada' } } },
    }),
  ).toEqual([])
})

test.each([
  '"\\'.repeat(500_000),
  '<'.repeat(1_000_000),
  '"a" <'.repeat(200_000),
  ','.repeat(1_000_000),
])('an address field of a megabyte is read in one pass: %#', (to) => {
  const before = performance.now()
  lint({ to })

  expect(performance.now() - before).toBeLessThan(5000)
})
