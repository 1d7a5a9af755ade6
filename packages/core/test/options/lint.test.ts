import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import {
  lint,
  type LintableMessage,
  type LintCode,
  type MailgunOptions,
} from '../../src/headers.ts'

const day = 24 * 60 * 60 * 1000
const inDays = (days: number): Date => new Date(Date.now() + days * day)
const tags = (count: number): string[] => Array.from({ length: count }, (_, index) => `t${index}`)
const codes = (message: LintableMessage): LintCode[] => lint(message).map(({ code }) => code)

const ada = { 'ada@example.net': { name: 'Ada' } }
const two = { ...ada, 'bob@example.net': { name: 'Bob' } }

/** What each warning is for: messages with it, and near ones without. */
const cases: Readonly<Record<LintCode, { with: LintableMessage[]; without: LintableMessage[] }>> = {
  'tags-over-3': {
    with: [{ mailgun: { tags: tags(4) } }],
    without: [{ mailgun: { tags: tags(3) } }],
  },
  'tags-over-10': {
    with: [{ mailgun: { tags: tags(11) } }],
    without: [{ mailgun: { tags: tags(10) } }],
  },
  'deliver-by-past': {
    with: [
      { mailgun: { deliverBy: inDays(-1) } },
      { mailgun: { deliverBy: '2011-10-14T23:10:10Z' } },
    ],
    without: [{ mailgun: { deliverBy: inDays(1) } }],
  },
  'deliver-by-over-3-days': {
    with: [{ mailgun: { deliverBy: inDays(4) } }],
    without: [{ mailgun: { deliverBy: inDays(2) } }],
  },
  'deliver-by-over-7-days': {
    with: [{ mailgun: { deliverBy: inDays(8) } }],
    without: [{ mailgun: { deliverBy: inDays(6) } }],
  },
  'competing-schedules': {
    with: [{ mailgun: { deliverBy: inDays(1), timeZoneLocalize: '16:00' } }],
    without: [{ mailgun: { deliverBy: inDays(1), timeZoneLocalize: null, deliverWithin: '1h' } }],
  },
  'variables-over-4-kb': {
    with: [{ mailgun: { variables: { a: 'x'.repeat(4090) } } }],
    without: [{ mailgun: { variables: { a: 'x'.repeat(4080) } } }],
  },
  'options-over-16-kb': {
    with: [{ mailgun: { templateVariables: { a: 'é'.repeat(8200) } } }],
    without: [{ mailgun: { recipientVariables: { 'a@b.test': { a: 'x'.repeat(17_000) } } } }],
  },
  'tracking-contradiction': {
    with: [
      { mailgun: { track: false, trackClicks: 'htmlonly' } },
      { mailgun: { track: true, trackOpens: false } },
    ],
    without: [
      { mailgun: { track: true, trackClicks: 'htmlonly' } },
      { mailgun: { trackOpens: false } },
    ],
  },
  'secondary-dkim-missing': {
    with: [{ mailgun: { secondaryDkimPublic: 'a.test/s' } }],
    without: [{ mailgun: { secondaryDkimPublic: 'a.test/s', secondaryDkim: 'b.test/s' } }],
  },
  'template-name-missing': {
    with: [{ mailgun: { templateVersion: 'v' } }, { mailgun: { templateVariables: {} } }],
    without: [{ mailgun: { templateVersion: 'v', templateName: 'n' } }],
  },
  'template-without-html': {
    with: [{ text: 'x', mailgun: { templateName: 'n' } }],
    without: [{ html: '', mailgun: { templateName: 'n' } }],
  },
  'tls-not-enforced': {
    with: [{ mailgun: { skipVerification: true } }],
    without: [{ mailgun: { skipVerification: true, requireTls: true } }],
  },
  'recipients-see-each-other': {
    with: [{ to: 'a@b.test, c@d.test' }, { to: ['a@b.test', { address: 'c@d.test' }] }],
    without: [{ to: 'a@b.test', cc: 'c@d.test' }, { to: ['"x@y, z" <a@b.test>'] }],
  },
  'batch-with-copies': {
    with: [{ to: 'ada@example.net', cc: 'c@d.test', mailgun: { recipientVariables: ada } }],
    without: [{ to: 'ada@example.net', mailgun: { recipientVariables: ada } }],
  },
  'recipient-without-variables': {
    with: [
      {
        to: ['ada@example.net', 'bob@example.net'],
        text: '%recipient.name%',
        mailgun: { recipientVariables: ada },
      },
    ],
    without: [
      {
        to: ['ada@example.net', 'bob@example.net'],
        text: '%recipient.name%',
        mailgun: { recipientVariables: two },
      },
      {
        to: ['ada@example.net', 'bob@example.net'],
        text: 'Hi',
        mailgun: { recipientVariables: ada },
      },
    ],
  },
  'variables-without-recipient': {
    with: [{ to: 'ada@example.net', mailgun: { recipientVariables: two } }],
    without: [{ to: 'ada@example.net', mailgun: { recipientVariables: ada } }],
  },
  'nested-recipient-variable': {
    with: [{ mailgun: { recipientVariables: { a: { b: { c: 1 } } } } }],
    without: [{ mailgun: { recipientVariables: { a: { b: null, c: 1 } } } }],
  },
  'placeholder-without-variable': {
    with: [
      { subject: '%recipient.nick%', mailgun: { recipientVariables: ada } },
      { html: '%recipient.name%' },
    ],
    without: [
      { subject: '%recipient.name% %recipient_email%', mailgun: { recipientVariables: ada } },
    ],
  },
  'recipient-twice': {
    with: [{ to: ['ada@example.net', 'ADA@example.NET'] }, { to: 'a@b.test', bcc: 'a@b.test' }],
    without: [{ to: ['ada@example.net', 'ada@example.org'] }],
  },
  'name-changed': {
    with: [{ to: ['"Ada \\"A\\"" <ada@example.net>'], mailgun: { recipientVariables: ada } }],
    without: [
      { to: ['"Ada \\"A\\"" <ada@example.net>'] },
      { to: ['"Lovelace, Ada" <ada@example.net>'], mailgun: { recipientVariables: ada } },
    ],
  },
  'predefined-name': {
    with: [{ text: 'Hi %recipient_fname%', mailgun: { recipientVariables: ada } }],
    without: [{ text: 'Hi %recipient_email%', mailgun: { recipientVariables: ada } }],
  },
  'headers-over-4-kb': {
    with: [
      { references: 'x'.repeat(4097) },
      { headers: { 'X-A': 'x'.repeat(5000) } },
      { to: Array.from({ length: 200 }, (_, at) => `recipient${at}@example.net`) },
    ],
    without: [
      { references: 'x'.repeat(4000) },
      { mailgun: { recipientVariables: { 'ada@example.net': { a: 'x'.repeat(5000) } } } },
    ],
  },
}

describe.each(Object.entries(cases))('%s', (code, { with: found, without }) => {
  test('is found', () => {
    for (const message of found) expect(codes(message)).toContain(code)
  })

  test('is not found beside it', () => {
    for (const message of without) expect(codes(message)).not.toContain(code)
  })
})

test('an empty message is clean, and so is a plain one', () => {
  expect(lint({})).toEqual([])
  expect(
    lint({ to: 'ada@example.net', text: 'Hi', mailgun: { tags: ['a'], track: null } }),
  ).toEqual([])
})

test('a warning names the option and no value', () => {
  const canary = 'canary-5b1e'
  const warnings = lint({
    to: [`${canary}@a.test`, `${canary}@b.test`],
    text: `%recipient.${canary}%`,
    mailgun: {
      tags: [canary, 'a', 'b', 'c'],
      variables: { [canary]: canary.repeat(500) },
      recipientVariables: { [`${canary}@c.test`]: { [canary]: { [canary]: canary } } },
    },
  })

  expect(warnings.length).toBeGreaterThan(3)
  for (const { path, message } of warnings) expect(path + message).not.toContain(canary)
})

test('what the builder would refuse does not make it throw', () => {
  const cycle: Record<string, unknown> = {}
  cycle.a = cycle
  const broken = [
    { variables: cycle },
    { variables: { a: 1n } },
    { recipientVariables: { a: null } },
    { recipientVariables: [] },
    { deliverBy: new Date(Number.NaN) },
    { deliverBy: Symbol('x') },
    { tags: 7 },
    null,
    'track',
  ]

  for (const mailgun of broken) {
    expect(() => lint({ text: '%recipient.a%', mailgun: mailgun as MailgunOptions })).not.toThrow()
  }
})

test('every code is explained in docs/lint.md, and no other is', () => {
  const page = readFileSync(new URL('../../../../docs/lint.md', import.meta.url), 'utf8')
  const headings = [...page.matchAll(/^## (\S+)$/gm)].map(([, code]) => code)

  expect(new Set(headings)).toEqual(new Set(Object.keys(cases)))
})
