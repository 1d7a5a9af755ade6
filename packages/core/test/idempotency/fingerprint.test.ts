import { Readable } from 'node:stream'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fingerprintOf } from '../../src/idempotency/fingerprint.ts'
import { readMessage, type MailgunMessage } from '../../src/message/message.ts'
import { note } from '../fakes/records.ts'

const base: MailgunMessage = {
  ...readMessage(note),
  html: '<p>Hi</p>',
  headers: [{ key: 'X-Order', value: '1' }],
  attachments: [{ filename: 'a.txt', content: Buffer.from('one') }],
  envelope: { from: 'bounce@example.com', to: ['ada@example.net'] },
  date: new Date(0),
  mailgun: { tags: ['a', 'b'], variables: { x: 1, y: { z: null } }, deliverBy: new Date(1) },
}

test('is the same for the same message, and is 64 hex digits', () => {
  expect(fingerprintOf(base)).toMatch(/^[\da-f]{64}$/)
  expect(fingerprintOf(structuredClone(base))).toBe(fingerprintOf(base))
})

test.each<[string, MailgunMessage]>([
  ['the order of fields', Object.fromEntries(Object.entries(base).toReversed())],
  [
    'the order of variables',
    { ...base, mailgun: { ...base.mailgun, variables: { y: { z: null }, x: 1 } } },
  ],
  ['undefined', { ...base, cc: undefined, mailgun: { ...base.mailgun, dkim: undefined } }],
  [
    'the kind of array that holds bytes',
    {
      ...base,
      attachments: [{ filename: 'a.txt', content: new Uint8Array(Buffer.from('one')) as Buffer }],
    },
  ],
  ['the Message-ID, which each call may make anew', { ...base, messageId: '<other@example.com>' }],
  ['the Date, which each call may make anew', { ...base, date: new Date(7) }],
  ['the boundaries of its parts', { ...base, baseBoundary: 'b' } as MailgunMessage],
  ['the signal', { ...base, signal: new AbortController().signal } as MailgunMessage],
  ['the form of headers', { ...base, headers: { 'x-order': '1' } }],
])('does not depend on %s', (_what, message) => {
  expect(fingerprintOf(message)).toBe(fingerprintOf(base))
})

test.each<[string, MailgunMessage]>([
  ['from', { ...base, from: 'other@example.com' }],
  ['to', { ...base, to: [{ name: '', address: 'ada@example.net' }] }],
  ['cc', { ...base, cc: [{ name: '', address: 'carl@example.net' }] }],
  ['subject', { ...base, subject: 'Ho' }],
  ['text', { ...base, text: 'Ho' }],
  ['html', { ...base, html: undefined }],
  ['headers', { ...base, headers: [{ key: 'X-Order', value: '2' }] }],
  [
    'attachments[0].content',
    { ...base, attachments: [{ filename: 'a.txt', content: Buffer.from('two') }] },
  ],
  [
    'attachments[0].filename',
    { ...base, attachments: [{ filename: 'b.txt', content: Buffer.from('one') }] },
  ],
  ['envelope', { ...base, envelope: { from: 'bounce@example.com', to: ['bob@example.net'] } }],
  ['an option', { ...base, mailgun: { ...base.mailgun, tags: ['a'] } }],
  ['an option that is a date', { ...base, mailgun: { ...base.mailgun, deliverBy: new Date(2) } }],
  ['a variable', { ...base, mailgun: { ...base.mailgun, variables: { x: '1', y: { z: null } } } }],
])('depends on %s', (_what, message) => {
  expect(fingerprintOf(message)).not.toBe(fingerprintOf(base))
})

test('two messages have one fingerprint only if they are equal', () => {
  const variables = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }))
  fc.assert(
    fc.property(variables, variables, (a, b) => {
      const [first, second] = [a, b].map((value) =>
        fingerprintOf({ ...base, mailgun: { variables: value as Record<string, string> } }),
      )
      expect(first === second).toBe(canonical(a) === canonical(b))
    }),
  )
})

/** JSON with its keys in order: an independent word on what is equal. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.entries(inner).toSorted(([x], [y]) => (x < y ? -1 : 1))
      : inner,
  )
}

describe('what cannot be compared is refused by its path', () => {
  const deep = (levels: number): object => (levels === 0 ? {} : { deeper: deep(levels - 1) })
  test.each<[string, object]>([
    ['text', { text: Readable.from(['secret']) }],
    ['attachments[0].content', { attachments: [{ content: Readable.from(['secret']) }] }],
    ['alternatives[0].content', { alternatives: [{ content: () => 'secret' }] }],
    ['html', { html: 10n }],
    ['headers[0].value', { headers: [{ key: 'X-A', value: Symbol('secret') }] }],
    ['mailgun.variables.v', { mailgun: { variables: { v: new Map([['secret', 1]]) } } }],
    [
      'mailgun.recipientVariables[0].v',
      { mailgun: { recipientVariables: { 'a@b.example': { v: () => 1 } } } },
    ],
  ])('%s', (path, fields) => {
    expect(() => fingerprintOf({ ...base, ...fields })).toThrow(
      `${path} must be a string or bytes if there is an idempotencyKey`,
    )
  })

  test('a value without end', () => {
    expect(() => fingerprintOf({ ...base, text: deep(10_000) as never })).toThrow(
      /^text\.deeper.* is nested deeper/,
    )
  })
})
