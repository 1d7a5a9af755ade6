import { describe, expect, test } from 'vitest'
import { createMailer, InvalidOptionError, type MailgunMessage } from '../../src/index.ts'
import { ScriptedServer } from '../scripted-server/scripted-server.ts'
import { letter, wireIn, wireOf } from '../wire/wire.ts'

const evil = 'https://evil.test/canary'
const foreign = { 'X-Mailgun-Archive-To': evil }
const prepared = { prepared: true, value: `a\r\nX-Mailgun-Archive-To: ${evil}` }
const block = `X-Mailgun-Archive-To: ${evil}\r\n\r\nbody`

/** A message with no text, so that a sole part becomes the root. */
const bare = { from: letter.from, to: letter.to, subject: 'Hi' }

/** Answers first in one way, then in another. */
function flip(first: unknown, then: unknown, times = 1): () => unknown {
  let asked = 0
  return () => (asked++ < times ? first : then)
}

/** An object whose property answers anew. */
function changing(key: string, first: unknown, then: unknown, times = 1): object {
  return Object.defineProperty({}, key, { enumerable: true, get: flip(first, then, times) })
}

/** An object that reads as one text, then as another. */
function talkative(first: string, then: string): object {
  const say = flip(first, then)
  return { toString: () => String(say()), trim: () => String(say()), value: 'x' }
}

// Whatever is given, as from JSON or from code: the type is the attacker's.
const disguises: Readonly<Record<string, object>> = {
  'a header': { ...letter, headers: foreign },
  'a header in lower case': { ...letter, headers: { 'x-mailgun-archive-to': evil } },
  'a header with blanks in its name': { ...letter, headers: { ' X-Mailgun -Archive-To': evil } },
  'a header with a colon in its name': { ...letter, headers: { 'X-Mailgun-Archive-To:': evil } },
  'a header with a no-break space': { ...letter, headers: { 'X-Mailgun\u00a0-Archive-To': evil } },
  'a header with controls': { ...letter, headers: { 'X-Mail\0gun\u007f-Archive\r\n-To': evil } },
  'a header with a zero-width space': {
    ...letter,
    headers: { 'X-Mailgun\u200b-Archive-To': evil },
  },
  'a header with a soft hyphen': { ...letter, headers: { 'X-Mail\u00adgun-Archive-To': evil } },
  'a header with a byte order mark': { ...letter, headers: { '\ufeffX-Mailgun-Archive-To': evil } },
  'a name that ends a field': { ...letter, headers: { [`A: b\r\nX-Mailgun-Archive-To`]: evil } },
  'a list of headers': { ...letter, headers: [{ key: 'X-Mailgun-Archive-To', value: evil }] },
  'one header': { ...letter, headers: { key: 'X-Mailgun-Archive-To', value: evil } },
  'a list of values': { ...letter, headers: { 'X-Mailgun-Archive-To': [evil, evil] } },
  'a list within a list': { ...letter, headers: [[{ key: 'X-Mailgun-Archive-To', value: evil }]] },
  'a key that is headers': { ...letter, headers: [{ key: foreign }] },
  'a key that is a list': {
    ...letter,
    headers: [{ key: [{ key: 'X-Mailgun-Archive-To', value: evil }] }],
  },
  'a key that reads as a name': {
    ...letter,
    headers: [{ key: talkative('X-A', 'X-Mailgun-Archive-To'), value: evil }],
  },
  'a key that answers anew': {
    ...letter,
    headers: [{ ...changing('key', 'X-A', 'X-Mailgun-Archive-To'), value: evil }],
  },
  'a header that appears later': {
    ...letter,
    headers: new Proxy({ 'X-A': 'a' } as object, {
      ownKeys: flip(['X-A'], ['X-A', 'X-Mailgun-Archive-To'], 2) as () => string[],
      get: () => evil,
      getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true, value: evil }),
    }),
  },
  'our header, a second time': { ...letter, headers: { 'X-Mailgun-Tag': 'theirs' } },
  'a prepared header': { ...letter, headers: { 'X-A': prepared } },
  'a prepared header in a list': { ...letter, headers: { 'X-A': ['a', prepared] } },
  'a prepared header in two': { ...letter, headers: { 'X-A': [['a', prepared]] } },
  'a prepared header of one': { ...letter, headers: { key: 'X-A', value: prepared } },
  'a header prepared later': {
    ...letter,
    headers: { 'X-A': Object.assign(changing('prepared', false, true), { value: prepared.value }) },
  },
  'a header whose value answers anew': {
    ...letter,
    headers: { 'X-A': { foldLines: true, ...changing('value', 'a', prepared.value) } },
  },
  'a header that reads as another': {
    ...letter,
    headers: { 'X-A': talkative('a', prepared.value) },
  },
  'a header by __proto__': {
    ...letter,
    headers: JSON.parse(`{"__proto__":{"X-Mailgun-Archive-To":"${evil}"}}`) as object,
  },
  'an inherited header': { ...letter, headers: Object.create(foreign) as object },
  'a header that is a text': { ...letter, headers: `X-Mailgun-Archive-To: ${evil}` },
  'raw, a text': { ...letter, raw: block },
  'raw, bytes': { ...letter, raw: Buffer.from(block) },
  'raw, an object': { ...letter, raw: { content: block } },
  'raw of a sole attachment': { ...bare, attachments: [{ raw: block }] },
  'raw of a sole alternative': { ...bare, alternatives: [{ raw: block }] },
  'raw of the text': { ...bare, text: { raw: block } },
  'raw of the HTML': { ...bare, html: { raw: block } },
  'raw of an event': { ...bare, icalEvent: { raw: block } },
  'raw that appears later': { ...bare, attachments: [changing('raw', undefined, block)] },
  'raw of an attachment without its list': { ...bare, attachments: { raw: block } },
  'headers of a sole attachment': { ...bare, attachments: [{ content: 'x', headers: foreign }] },
  'headers of an attachment without its list': {
    ...bare,
    attachments: { content: 'x', headers: foreign },
  },
  'prepared headers of a sole attachment': {
    ...bare,
    attachments: [{ content: 'x', headers: { 'X-A': prepared } }],
  },
  'headers of a sole alternative': { ...bare, alternatives: [{ content: 'x', headers: foreign }] },
  'headers of the text': { ...bare, text: { content: 'x', headers: foreign } },
  'headers of an event': { ...bare, icalEvent: { content: 'x', headers: foreign } },
  'headers that appear later': {
    ...bare,
    attachments: [Object.assign(changing('headers', undefined, foreign), { content: 'x' })],
  },
  'a content type': {
    ...bare,
    attachments: [{ content: 'x', contentType: `text/plain\r\n${block}` }],
  },
  'a prepared content type': { ...bare, attachments: [{ content: 'x', contentType: prepared }] },
  'a prepared disposition': {
    ...bare,
    attachments: [{ content: 'x', contentDisposition: prepared }],
  },
  'a prepared encoding': {
    ...bare,
    attachments: [{ content: 'x', contentTransferEncoding: prepared }],
  },
  'a file name': { ...bare, attachments: [{ content: 'x', filename: `a\r\n${block}` }] },
  'a content id': { ...bare, attachments: [{ content: 'x', cid: `a\r\n${block}` }] },
  "Mailgun's other container": {
    ...bare,
    attachments: [{ content: block, contentType: 'multipart/mailgun-variables' }],
  },
  'the other container by header': {
    ...letter,
    headers: { 'Content-Type': 'Multipart/ Mailgun-Variables; boundary=x' },
  },
  'a subject': { ...letter, subject: `a\r\nX-Mailgun-Archive-To: ${evil}` },
  'a prepared subject': { ...letter, subject: prepared },
  'a subject that reads as another': { ...letter, subject: talkative('a', prepared.value) },
  'a message id': { ...letter, messageId: `<a@b>\r\nX-Mailgun-Archive-To: ${evil}` },
  'a prepared message id': { ...letter, messageId: prepared },
  references: { ...letter, references: [`<a@b>\r\nX-Mailgun-Archive-To: ${evil}`] },
  'prepared references': { ...letter, references: [prepared] },
  'references that read as another': {
    ...letter,
    references: [talkative('<a@b>', prepared.value)],
  },
  'an answer': { ...letter, inReplyTo: `<a@b>\r\nX-Mailgun-Archive-To: ${evil}` },
  'a prepared date': { ...letter, date: prepared },
  'a prepared mailer': { ...letter, xMailer: prepared },
  'a priority': { ...letter, priority: `high\r\nX-Mailgun-Archive-To: ${evil}` },
  'a list header': { ...letter, list: { [`x\r\nX-Mailgun-Archive-To: ${evil}\r\ny`]: 'a' } },
  'a list value': { ...letter, list: { help: `a\r\nX-Mailgun-Archive-To: ${evil}` } },
  'a list comment': {
    ...letter,
    list: { help: { url: 'a', comment: `b\r\nX-Mailgun-Archive-To: ${evil}` } },
  },
  'a list value that reads as another': {
    ...letter,
    list: { help: { url: { replace: () => ({ replace: () => prepared.value }) } } },
  },
  'a name for every header': {
    ...letter,
    headers: { 'X-A': evil },
    normalizeHeaderKey: () => 'X-Mailgun-Archive-To',
  },
  'an envelope': {
    ...letter,
    envelope: { from: 'a@b.test', to: `c@d.test>\r\nX-Mailgun-Archive-To: ${evil}` },
  },
  'an address': {
    ...letter,
    replyTo: { name: 'x', address: `a@b.test>\r\nX-Mailgun-Archive-To: ${evil}` },
  },
  'a name': {
    ...letter,
    from: { name: `"x"\r\nX-Mailgun-Archive-To: ${evil}`, address: 'a@b.test' },
  },
  'a boundary': {
    ...letter,
    html: 'x',
    baseBoundary: `x\r\n\r\n${block}`,
    boundaryPrefix: `y\r\n${block}`,
  },
  'a body': { ...letter, text: block, html: block },
  'line endings': { ...letter, newline: 'unix', subject: `a\nX-Mailgun-Archive-To: ${evil}` },
}

test('there are disguises enough', () => {
  expect(Object.keys(disguises).length).toBeGreaterThan(70)
})

describe.each(Object.entries(disguises))('%s', (_name, disguise) => {
  const message = { ...disguise, mailgun: { tags: ['ours'] } } as MailgunMessage

  test('past attachMailgun is refused, or only our fields leave', async () => {
    const mailgun = await wireOf(message).then((wire) => wire.mailgun, refusal)

    expect(mailgun).toEqual(['X-Mailgun-Tag: ours'])
  })

  test('past a mailer is refused before anything is sent, or only our fields leave', async () => {
    await using server = await ScriptedServer.open()
    await using mailer = createMailer(server.config)

    const mailgun = await mailer
      .send(message)
      .then(() => wireIn(server.bodies[0] ?? '').mailgun, refusal)

    expect(mailgun).toEqual(['X-Mailgun-Tag: ours'])
    expect(server.commands('MAIL').length).toBe(server.bodies.length)
  })
})

/** A refusal leaves nothing but ours; any other error is a failure of the test. */
function refusal(error: unknown): string[] {
  if (!(error instanceof InvalidOptionError)) throw error
  if (/canary/.test(error.message)) throw error
  return ['X-Mailgun-Tag: ours']
}
