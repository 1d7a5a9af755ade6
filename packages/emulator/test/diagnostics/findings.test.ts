import { expect, test } from 'vitest'
import { VirtualClock } from '../../src/clock.ts'
import { Inbox } from '../../src/inbox/inbox.ts'
import { findIn, findingRules, type FindingCode } from '../../src/diagnostics/findings.ts'

const clock = new VirtualClock()
const inDays = (days: number): string =>
  new Date(clock.now().getTime() + days * 86_400_000).toUTCString()

/** A header that makes the finding. */
const examples: Readonly<Record<FindingCode, string>> = {
  'deliver-by-past': `X-Mailgun-Deliver-By: ${inDays(-1)}`,
  'deliver-by-over-3-days': `X-Mailgun-Deliver-By: ${inDays(4)}`,
  'deliver-by-over-7-days': `X-Mailgun-Deliver-By: ${inDays(8)}`,
  'deliver-time-without-data': 'X-Mailgun-Time-Zone-Localize: 09:00',
  'option-given-twice': 'X-Mailgun-Track: yes\r\nX-Mailgun-Track: no',
  'variable-given-twice': 'X-Mailgun-Variables: {"a":1}\r\nX-Mailgun-Variables: {"a":2}',
  'recipient-variables-given-twice':
    'X-Mailgun-Recipient-Variables: {}\r\nContent-Type: multipart/mailgun-variables; boundary=b',
  'recipient-key-case': 'X-Mailgun-Recipient-Variables: {"Ada@example.com":{}}',
  'variables-container': 'Content-Type: multipart/mailgun-variables; boundary=b',
  'tag-not-ascii': 'X-Mailgun-Tag: Grüße',
  'opens-without-html': 'X-Mailgun-Track-Opens: yes',
  'suppressed-header-foreign': 'X-Mailgun-Suppress-Headers: Subject',
  'suppressed-sid': 'X-Mailgun-Suppress-Headers: X-Mailgun-Sid',
  'sender-replaced': 'Sender: me@mg.example.com',
  'from-domain-foreign': 'From: Ada <ada@example.com>',
  'header-line-over-998': `X-Long: ${'x'.repeat(1_000)}`,
  'header-cut': 'X-Many: 1\r\n'.repeat(5_001).trimEnd(),
}

const body =
  '--b\r\nContent-Type: application/json\r\n\r\n{}\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: x\r\n\r\nHi\r\n--b--\r\n'

function findingsOf(header: string): readonly string[] {
  const inbox = new Inbox({ messages: 1, bytes: 1 }, { clock })
  const submission = inbox.read({
    envelope: { from: 'shop@mg.example.com', to: ['ada@example.com'] },
    raw: Buffer.from(`Subject: x\r\n${header}\r\n\r\n${body}`),
    session: { id: 's', secure: 'implicit', user: 'postmaster@mg.example.com' },
  })
  return findIn(submission).map(({ code }) => code)
}

test('a plain message has no findings', () => {
  expect(findingsOf('From: shop@mg.example.com')).toEqual([])
})

test.each(Object.entries(examples))('%s is found', (code, header) => {
  expect(findingsOf(header)).toContain(code)
})

test('every finding says what it is about and how that is known', () => {
  for (const { message, source } of Object.values(findingRules)) {
    expect(message).toMatch(/^[A-Z].*\.$/)
    expect(source).not.toBe('')
  }
})
