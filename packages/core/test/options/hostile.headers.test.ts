import { describe, expect, test } from 'vitest'
import { InvalidOptionError, type MailgunMessage } from '../../src/index.ts'
import { letter, wireOf } from '../wire/wire.ts'

const canary = 'canary-71aa'

/** Every place of a message whose text becomes part of a header, by the path of its refusal. */
const places: Readonly<Record<string, (text: string) => object>> = {
  subject: (subject) => ({ subject }),
  messageId: (text) => ({ messageId: `${text}@example.com` }),
  inReplyTo: (inReplyTo) => ({ inReplyTo }),
  references: (text) => ({ references: ['<a@b>', text] }),
  xMailer: (xMailer) => ({ xMailer }),
  baseBoundary: (baseBoundary) => ({ html: 'x', baseBoundary }),
  boundaryPrefix: (boundaryPrefix) => ({ html: 'x', boundaryPrefix }),
  'headers[0]': (text) => ({ headers: { 'X-A': text } }),
  'headers[1]': (text) => ({ headers: { 'X-A': 'a', [`X-${text}`]: 'a' } }),
  'headers[2]': (text) => ({
    headers: ['a', 'b', text].map((value) => ({ key: 'X-A', value })),
  }),
  list: (text) => ({ list: { help: text } }),
  'list ': (text) => ({ list: { unsubscribe: [[{ url: text, comment: 'x' }]] } }),
  'attachments[0].filename': (filename) => ({ attachments: [{ content: 'x', filename }] }),
  'attachments[0].contentType': (text) => ({
    attachments: [{ content: 'x', contentType: `text/${text}` }],
  }),
  'attachments[0].contentDisposition': (contentDisposition) => ({
    attachments: [{ content: 'x', contentDisposition }],
  }),
  'attachments[0].cid': (cid) => ({ attachments: [{ content: 'x', cid }] }),
  'attachments[0].headers[0]': (text) => ({
    attachments: [{ content: 'x', headers: { 'X-A': text } }],
  }),
  'alternatives[0].contentType': (text) => ({
    alternatives: [{ content: 'x', contentType: `text/${text}` }],
  }),
}

const longestLine = (raw: string): number =>
  Math.max(...raw.split('\r\n').map((line) => line.length))

describe.each(Object.entries(places))('%s', (path, messageWith) => {
  test.each([901, 998, 999, 1_000_000])(
    'with a word of %i characters is refused, as no line can carry it',
    async (length) => {
      const message = { ...letter, ...messageWith(canary.padEnd(length, 'x')) } as MailgunMessage

      const refusal: unknown = await wireOf(message).catch((error: unknown) => error)

      expect(refusal).toBeInstanceOf(InvalidOptionError)
      expect(refusal).toMatchObject({ path: path.trim(), code: 'ERR_MAILGUN_INVALID_MESSAGE' })
      expect((refusal as Error).message).not.toContain(canary)
    },
  )

  test('with a word of 500 characters is carried in lines that SMTP takes', async () => {
    const { raw } = await wireOf({ ...letter, ...messageWith('x'.repeat(500)) } as MailgunMessage)

    expect(longestLine(raw)).toBeLessThanOrEqual(998)
  })
})

test.each([
  ['words', 'word '.repeat(20_000)],
  ['letters beyond ASCII', 'ж'.repeat(10_000)],
  ['lone surrogates', '\ud800'.repeat(1000)],
])('a subject or a header of many %s is folded, in ASCII', async (_name, text) => {
  const { block } = await wireOf({ ...letter, subject: text, headers: { 'X-A': text } })

  expect(longestLine(block)).toBeLessThanOrEqual(998)
  expect(block).toMatch(/^[\x20-\x7e\r\n]*$/)
})

test.each([
  ['of Mailgun in any case', 'x-MAILGUN-tag'],
  ['of Mailgun with underscores', 'x_mailgun_archive_to'],
  ['of Mailgun with both', 'X-Mailgun_Tag'],
  ['Return-Path', 'Return-Path'],
  ['Return-Path in disguise', ' return-PATH\u00a0:'],
])('a header %s is refused, from the message and from a part', async (_name, key) => {
  const headers = { [key]: `${canary}@evil.test` }
  const refusal: unknown = expect.objectContaining({
    name: 'InvalidOptionError',
    message: expect.not.stringContaining(canary) as string,
  })

  await expect(wireOf({ ...letter, headers })).rejects.toEqual(refusal)
  await expect(wireOf({ ...letter, headers: [{ key, value: 'x' }] })).rejects.toEqual(refusal)
  await expect(
    wireOf({ ...letter, text: undefined, attachments: [{ content: 'x', headers }] }),
  ).rejects.toEqual(refusal)
})

const cycle: unknown[] = []
cycle.push(cycle)

test.each<[string, unknown]>([
  ['a function', () => canary],
  ['a symbol', Symbol(canary)],
  ['a symbol in a list', ['a', Symbol(canary)]],
  ['a cycle', cycle],
  ['ten thousand levels', JSON.parse(`${'['.repeat(10_000)}${']'.repeat(10_000)}`)],
])('a header whose value is %s is refused by its path', async (_name, value) => {
  const refusal: unknown = await wireOf({ ...letter, headers: { 'X-A': value } as never }).catch(
    (error: unknown) => error,
  )

  expect(refusal).toBeInstanceOf(InvalidOptionError)
  expect(refusal).toMatchObject({ path: 'headers[0]', rule: 'must be a string' })
})

test.each<[string, object]>([
  ['xMailer', { xMailer: () => canary }],
  ['baseBoundary', { baseBoundary: 7 }],
  ['attachments[0].filename', { attachments: [{ content: 'x', filename: 7 }] }],
  ['attachments[0].filename', { attachments: [{ content: 'x', filename: { canary } }] }],
  ['attachments[0].contentType', { attachments: [{ content: 'x', contentType: () => canary }] }],
  ['icalEvent.method', { icalEvent: { content: 'x', method: { canary } } }],
])('%s that is not a string is refused by its path: %#', async (path, fields) => {
  await expect(wireOf({ ...letter, ...fields } as MailgunMessage)).rejects.toMatchObject({
    path,
    rule: 'must be a string',
  })
})
