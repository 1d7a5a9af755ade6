import { markMerged } from '../../src/options/merged.ts'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { composeMessage, readComposed, type ComposedMessage } from '../../src/message/compose.ts'
import { mergeOptions, type MailgunMessage } from '../../src/index.ts'
import { readMessage } from '../../src/message/message.ts'
import { awkward, someOptions } from '../values/option-values.ts'
import { letter, streamTransporter, wireOf } from '../wire/wire.ts'

type Final = MailgunMessage & { readonly messageId: string }

/** A message as the mailer has it when it is about to send. */
function final(message: MailgunMessage): Final {
  return {
    ...readMessage({ ...letter, messageId: '<one@example.com>', ...message }),
    messageId: message.messageId ?? '<one@example.com>',
    mailgun: markMerged(mergeOptions(message.mailgun)),
  }
}

/** What a queue hands back. */
function queued(composed: ComposedMessage): ComposedMessage {
  return JSON.parse(JSON.stringify(composed)) as ComposedMessage
}

async function bytesOf(message: MailgunMessage): Promise<string> {
  return (await wireOf(message, streamTransporter())).raw
}

const text = fc
  .array(fc.oneof(fc.string({ unit: 'grapheme', maxLength: 90 }), fc.constantFrom(...awkward)), {
    maxLength: 4,
  })
  .map((pieces) => pieces.join(''))

const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 200 }),
  fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array)),
)

const content = fc.oneof(
  text,
  bytes.map((array) => Buffer.from(array)),
)

// nodemailer takes a description without content for the content itself, and fails; composed or not.
const described = content.filter((inner) => inner.length > 0).map((inner) => ({ content: inner }))

const filename = fc.option(fc.constantFrom('a.txt', 'é.png', 'b'), { nil: undefined })

const settings = {
  encoding: fc.constantFrom('base64', 'hex', 'latin1', 'utf8'),
  cid: fc.constantFrom('one', 'two'),
  filename,
  headers: fc.constant({ 'X-Part': 'a' }),
}

const part = fc.oneof(
  fc.record(
    {
      ...settings,
      content: fc.oneof(content, bytes),
      contentType: fc.constantFrom('text/plain', 'image/png', 'application/pdf'),
    },
    { requiredKeys: ['content'] },
  ),
  // nodemailer labels a message of plain bytes 8bit unread, and one of a Buffer by what it holds; a queue gives Buffers.
  fc.record(
    { ...settings, content, contentType: fc.constant('message/rfc822') },
    { requiredKeys: ['contentType', 'content'] },
  ),
)

const message: fc.Arbitrary<MailgunMessage> = fc.record(
  {
    subject: fc.string({ maxLength: 40 }),
    text: content,
    html: fc.oneof(content, described),
    amp: content,
    icalEvent: described.map((inner) => ({
      ...inner,
      headers: { 'X-A': 'a' },
      method: 'request',
    })),
    attachments: fc.array(part, { maxLength: 3 }) as fc.Arbitrary<
      NonNullable<MailgunMessage['attachments']>
    >,
    alternatives: fc.array(
      content.map((inner) => ({ contentType: 'text/x-web', content: inner })),
      { maxLength: 2 },
    ),
    headers: fc.constantFrom({ 'X-A': ['a', 'b'] }, { key: 'X-B', value: 'é' }, [
      { key: '__proto__', value: 'x' },
    ]),
    references: fc.constantFrom('<a@b>', ['<a@b>', '<c@d>']),
    list: fc.constant({ help: { url: 'https://example.com', comment: 'é' } }),
    priority: fc.constantFrom('high', 'low'),
    cc: fc.constant(['Ada é <ada@example.org>']),
    mailgun: someOptions,
  },
  { requiredKeys: [] },
)

describe('a composed message', () => {
  test('leaves as the same bytes as the message it was made of, after any way through JSON', async () => {
    await fc.assert(
      fc.asyncProperty(message, async (given) => {
        const fixed = final({
          ...given,
          date: new Date('2026-11-24T12:00:00.7Z'),
          baseBoundary: 'boundary',
        })
        const composed = composeMessage(fixed)

        expect(await bytesOf(readComposed(queued(composed)))).toBe(await bytesOf(fixed))
      }),
      { numRuns: 150 },
    )
  })

  test('is the same before and after its way through JSON', () => {
    fc.assert(
      fc.property(message, (given) => {
        const composed = composeMessage(final(given))

        expect(queued(composed)).toStrictEqual(composed)
      }),
      { numRuns: 100 },
    )
  })
})
