import { describe, expect, test } from 'vitest'
import { sendBatch } from '../../src/batch/send-batch.ts'
import type { BatchReport } from '../../src/batch/report.ts'
import { FakeMailer, template } from '../fakes/fake-mailer.ts'

const good = { to: 'ada@example.com', variables: { first: 'Ada' } }

/** The report of a row that stands between good ones. */
async function reportOf(row: unknown, message = template): Promise<BatchReport | undefined> {
  const mailer = new FakeMailer()
  const reports: BatchReport[] = []
  await sendBatch(mailer, message, [good, row as typeof good, { to: 'eve@example.com' }], {
    onReport: (report) => void reports.push(report),
  })
  expect(mailer.copies).toEqual(['ada@example.com', 'eve@example.com'])
  expect(reports.map(({ outcome }) => outcome)).toEqual(['accepted', 'rejected', 'accepted'])
  expect(reports[1]?.messageId).toBeUndefined()
  return reports[1]
}

const cycle: Record<string, unknown> = {}
cycle.self = cycle

describe('a recipient that is wrong is rejected alone, by its place and without its value', () => {
  test.each([
    ['no object', null, 'recipients[1]'],
    ['a text', 'canary@example.com', 'recipients[1]'],
    ['no address', { to: 'canary' }, 'recipients[1].to'],
    ['no text', { to: 7 }, 'recipients[1].to'],
    ['two addresses', { to: 'canary@example.com, b@example.com' }, 'recipients[1].to'],
    ['a line break', { to: 'canary@example.com\r\nRCPT TO:<e@x.com>' }, 'recipients[1].to'],
    ['a name without an address', { to: { name: 'Canary' } }, 'recipients[1].to.address'],
    ['the address of another', { to: 'ada@EXAMPLE.com' }, 'recipients[1].to'],
    [
      'variables that are no object',
      { to: 'c@example.com', variables: ['canary'] },
      'recipients[1].variables',
    ],
    ['an instance', { to: 'c@example.com', variables: new Map() }, 'recipients[1].variables'],
    [
      'a nested value',
      { to: 'c@example.com', variables: { a: { b: 'canary' } } },
      'recipients[1].variables.a',
    ],
    ['a cycle', { to: 'c@example.com', variables: cycle }, 'recipients[1].variables.self'],
    [
      'a date',
      { to: 'c@example.com', variables: { at: new Date(0) } },
      'recipients[1].variables.at',
    ],
    ['a big integer', { to: 'c@example.com', variables: { n: 1n } }, 'recipients[1].variables.n'],
    [
      'no number',
      { to: 'c@example.com', variables: { n: Number.NaN } },
      'recipients[1].variables.n',
    ],
    [
      'a value of ten megabytes',
      { to: 'c@example.com', variables: { a: 'canary'.repeat(2e6) } },
      'recipients[1].variables.a',
    ],
    [
      'more than a message may carry',
      {
        to: 'c@example.com',
        variables: Object.fromEntries(
          Array.from({ length: 200 }, (_, index) => [`k${index}`, 'x'.repeat(900)]),
        ),
      },
      'recipients[1].variables',
    ],
    [
      'a line break for a header',
      { to: 'c@example.com', variables: { first: 'x\r\nBcc: canary' } },
      'recipients[1].variables.first',
    ],
  ])('%s', async (_name, row, path) => {
    const report = await reportOf(row)

    expect(report).toMatchObject({ index: 1, error: { name: 'InvalidOptionError', path } })
    expect(report?.error?.message).not.toMatch(/canary/i)
  })

  test('a line break is allowed in a text part', async () => {
    const mailer = new FakeMailer()

    await sendBatch(mailer, template, [{ to: 'a@example.com', variables: { code: 'a\nb' } }])

    expect(mailer.variables(0)).toMatchObject({ 'a@example.com': { code: 'a\nb' } })
  })

  test('__proto__ is a variable like any other', async () => {
    const mailer = new FakeMailer()
    const variables = JSON.parse('{"__proto__":"x","constructor":"y"}') as Record<string, unknown>

    await sendBatch(mailer, template, [{ to: 'a@example.com', variables }, good])

    expect(Object.entries(mailer.variables(0)['a@example.com'] ?? {})).toContainEqual([
      '__proto__',
      'x',
    ])
    expect(Object.entries(mailer.variables(0)['ada@example.com'] ?? {})).toContainEqual([
      '__proto__',
      '',
    ])
    expect(({} as Record<string, unknown>).x).toBeUndefined()
  })
})

test('a chunk of wrong rows is reported, and no message is sent', async () => {
  const mailer = new FakeMailer()
  const rows = Array.from({ length: 5 }, () => ({ to: 'nobody' }))

  const summary = await sendBatch(mailer, template, rows, { maxRecipients: 2 })

  expect(summary).toMatchObject({ recipients: 5, rejected: 5, chunks: 3 })
  expect(mailer.sent).toEqual([])
})

test('the same address in two chunks gets two copies: that is the caller’s', async () => {
  const mailer = new FakeMailer()

  await sendBatch(mailer, template, [good, good], { maxRecipients: 1 })

  expect(mailer.copies).toEqual([good.to, good.to])
})
