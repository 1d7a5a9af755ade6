import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  createMailer,
  DeliveryError,
  InvalidOptionError,
  type MailgunMessage,
  type Mailer,
} from '../../src/index.ts'
import { ScriptedServer } from '../scripted-server/scripted-server.ts'
import { letter, wireIn } from '../wire/wire.ts'

let server: ScriptedServer
let mailer: Mailer

beforeAll(async () => {
  server = await ScriptedServer.open({ extensions: ['DSN'] })
  mailer = createMailer({ ...server.config, pool: true, maxConnections: 1, maxMessages: 100_000 })
})

afterAll(async () => {
  await mailer.close()
  await server[Symbol.asyncDispose]()
})

const breaks = [
  '\r\n',
  '\n',
  '\r',
  '\r\n ',
  '\u2028',
  '\u0085',
  '\v',
  '\f',
  '\0',
  '%0d%0a',
  '\r\n.\r\n',
]

/** Names that nodemailer gives by itself, and those of the fields below. */
const known = new Set(
  ['from', 'to', 'subject', 'message-id', 'date', 'mime-version', 'content-type', 'x-a', 'x-mailer']
    .concat(['content-transfer-encoding', 'content-disposition', 'content-id', 'in-reply-to'])
    .concat(['references', 'x-priority', 'x-msmail-priority', 'importance', 'list-help', 'list-id'])
    .concat(['otp-token']),
)

const fields: Readonly<Record<string, (text: string) => object>> = {
  subject: (subject) => ({ subject }),
  messageId: (messageId) => ({ messageId }),
  inReplyTo: (inReplyTo) => ({ inReplyTo }),
  references: (text) => ({ references: [text, text] }),
  'a date': (date) => ({ date }),
  'a header': (text) => ({ headers: { 'X-A': text } }),
  'a list of headers': (text) => ({ headers: [{ key: 'X-A', value: text }] }),
  'a folded header': (text) => ({ headers: { 'X-A': { value: text, foldLines: true } } }),
  xMailer: (xMailer) => ({ xMailer }),
  priority: (priority) => ({ priority }),
  'list.help': (text) => ({ list: { help: { url: text, comment: text } } }),
  'list.id': (text) => ({ list: { id: { url: text, comment: text } } }),
  text: (text) => ({ text }),
  html: (html) => ({ text: undefined, html }),
  encoding: (encoding) => ({ encoding, textEncoding: encoding }),
  boundary: (text) => ({ html: 'x', baseBoundary: text, boundaryPrefix: text }),
  dsn: (text) => ({ dsn: { id: text, return: 'headers', recipient: text } }),
  'a file name': (filename) => ({ attachments: [{ content: 'x', filename }] }),
  'a sole part': (text) => ({
    text: undefined,
    attachments: [
      {
        content: 'x',
        filename: text,
        contentType: `text/plain${text}`,
        contentDisposition: `attachment${text}`,
        cid: text,
      },
    ],
  }),
  'a transfer encoding': (text) => ({
    text: undefined,
    attachments: [{ content: 'x', contentTransferEncoding: text }],
  }),
  'an event': (text) => ({ icalEvent: { content: text, method: text, filename: text } }),
  otp: (text) => ({ otp: { code: text, origin: `https://x.test/${text}` } }),
}

/** Sends a message and reads what became of it: the commands of its session, and its bytes. */
async function told(message: MailgunMessage): Promise<{ commands: string[]; body: string }> {
  const before = { lines: server.lines.length, bodies: server.bodies.length }
  await mailer.send(message)
  expect(server.bodies.length).toBe(before.bodies + 1)
  return {
    commands: server.lines.slice(before.lines).filter((line) => !/^(?:EHLO|AUTH)/.test(line)),
    body: server.bodies.at(-1) ?? '',
  }
}

test.each(Object.entries(fields))(
  '%s begins neither header nor command',
  async (_field, messageWith) => {
    for (const mark of breaks) {
      const text = `a${mark}X-Evil: 1${mark}${mark}RCPT TO:<evil@z.test>${mark}.${mark}`
      const message = { ...letter, ...messageWith(text) } as MailgunMessage

      const complaints = await told(message).then(complaintsOf, complaintsOfRefusal)

      expect(complaints).toEqual([])
    }
  },
)

const unbounded = new Set(['text', 'html', 'amp', 'watchHtml', 'icalEvent'])

test.each(Object.entries(fields).filter(([field]) => !unbounded.has(field.split('.')[0] ?? '')))(
  '%s of ten megabytes is refused before anything is built',
  async (_field, messageWith) => {
    const message = { ...letter, ...messageWith('word '.repeat(2_000_000)) } as MailgunMessage
    const before = server.lines.length

    const error: unknown = await mailer.send(message).catch((reason: unknown) => reason)

    expect(error).toBeInstanceOf(InvalidOptionError)
    expect(server.lines.slice(before)).toEqual([])
  },
)

/** Refused by us, or by nodemailer before it connects. */
function complaintsOfRefusal(error: unknown): string[] {
  const isOurs = error instanceof InvalidOptionError
  if (!isOurs && !(error instanceof DeliveryError && error.fault === 'message')) throw error
  return error.message.match(/evil.*/gi) ?? []
}

/** Commands, header names and bare line breaks that the message should not have. */
function complaintsOf({ commands, body }: { commands: string[]; body: string }): string[] {
  const usual = ['MAIL FROM:<shop@example.com>', 'RCPT TO:<ada@example.net>', 'DATA', '.']
  const said = commands.map((line) => line.replace(/ (?:BODY|SIZE|RET|NOTIFY|ENVID|ORCPT)=.*/, ''))
  const names = wireIn(body).fields.map(([name]) => name.toLowerCase())
  return [
    ...said.filter((line, index) => line !== usual[index]),
    ...names.filter((name) => !known.has(name)),
    ...(body.match(/\r(?!\n)|(?<!\r)\n/g) ?? []),
  ]
}

test.each(['\r\n.\r\n', '\n.\n', '\r.\r', '\n.\r\n', '\r\n.\n', '.\r\n', '\r\n..\r\n'])(
  'a body with %j is one message, whole',
  async (dots) => {
    const text = `first${dots}MAIL FROM:<evil@z.test>${dots}last`

    const { commands, body } = await told({
      ...letter,
      text,
      attachments: [{ filename: 'a.txt', content: text, contentTransferEncoding: '7bit' }],
    })

    expect(commands).toHaveLength(4)
    expect(body.match(/last/g)?.length).toBeGreaterThan(0)
    expect(body).not.toMatch(/\r(?!\n)|(?<!\r)\n/)
  },
)

describe('what an attachment may read', () => {
  test.each([
    ['attachments[0].path', { attachments: [{ path: '/etc/hostname' }] }],
    ['attachments[0].path', { attachments: { path: '/etc/hostname' } }],
    ['attachments[0].content.path', { attachments: [{ content: { path: '/etc/hostname' } }] }],
    ['attachments[0].href', { attachments: [{ href: 'http://127.0.0.1/' }] }],
    ['attachments[0].path', { attachments: [{ path: 'http://127.0.0.1/' }] }],
    ['alternatives[0].path', { alternatives: [{ path: 'file:///etc/hostname' }] }],
    ['text.path', { text: { path: '/etc/hostname' } }],
    ['html.path', { html: { path: '/etc/hostname' } }],
    ['html.href', { html: { href: 'http://127.0.0.1/' } }],
    ['watchHtml.path', { watchHtml: { path: '/etc/hostname' } }],
    ['amp.path', { amp: { path: '/etc/hostname' } }],
    ['icalEvent.path', { icalEvent: { path: '/etc/hostname' } }],
    ['html.path', { html: { path: '/etc/hostname' }, disableFileAccess: false }],
    ['html.href', { html: { href: 'http://127.0.0.1/' }, disableUrlAccess: false }],
  ])('%s is refused: %j', async (path, parts) => {
    await expect(mailer.send({ ...letter, ...parts } as MailgunMessage)).rejects.toMatchObject({
      path,
      code: 'ERR_MAILGUN_INVALID_MESSAGE',
    })
  })

  test('a data URL is content', async () => {
    const { body } = await told({
      ...letter,
      attachments: [{ filename: 'a.txt', path: 'data:text/plain;base64,Y2FuYXJ5' }],
    })

    expect(body).toContain('Y2FuYXJ5')
  })
})
