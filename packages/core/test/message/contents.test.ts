import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createMailer, type MailgunMessage } from '../../src/index.ts'
import { createOutbox } from '../../src/testing.ts'

const letter = { from: 'shop@mg.example.com', to: 'ada@example.com', subject: 'News', text: 'Hi' }
const bytes = new TextEncoder().encode('the content')

async function attachmentOf(content: unknown, settings = {}): Promise<string> {
  const outbox = createOutbox()
  await using mailer = createMailer(outbox.transporter)
  const attachments = [{ content: 'first' }, { content, filename: 'a.txt' }]
  await mailer.send({ ...letter, attachments } as unknown as MailgunMessage, settings)
  const { attachments: received } = (await outbox.messages[0]?.load()) ?? { attachments: [] }
  return Buffer.from(received[1]?.content ?? '').toString()
}

test.each<readonly [string, () => unknown]>([
  ['a string', () => 'the content'],
  ['a Uint8Array', () => bytes],
  ['an ArrayBuffer', () => bytes.buffer],
  ['a DataView', () => new DataView(bytes.buffer)],
  ['a Blob', () => new Blob([bytes])],
  ['a stream of the web', () => new Blob([bytes]).stream()],
  ["fetch's body", () => new Response(bytes).body],
])('an attachment may be %s', async (_kind, content) => {
  expect(await attachmentOf(content())).toBe('the content')
})

test('a Blob may be sent under a key', async () => {
  expect(await attachmentOf(new Blob([bytes]), { idempotencyKey: 'one' })).toBe('the content')
})

test.each<readonly [string, unknown, string]>([
  ['a promise', Promise.resolve('x'), 'await it'],
  ['a Buffer that went through JSON', JSON.parse(JSON.stringify(Buffer.from('x'))), 'Buffer.from'],
  ['a fetch response', new Response('x'), 'body'],
  ['a function', () => 'x', 'call it'],
  ['a number', 42, 'must be a string'],
  ['an object', { a: 1 }, 'must be a string'],
])('%s is refused by its path, with the cure', async (_kind, content, cure) => {
  const error: unknown = await attachmentOf(content).catch((reason: unknown) => reason)

  expect(error).toMatchObject({ path: 'attachments[1].content' })
  expect((error as Error).message).toContain(cure)
})

test.each<readonly [string, object]>([
  ['attachments[0]', { attachments: [{ filename: 'a.txt' }] }],
  ['attachments[0]', { attachments: [{ filename: 'a.txt', content: undefined }] }],
  ['text', { text: () => 'Hi' }],
  ['html', { html: 42 }],
  ['html', { html: { contents: 'x' } }],
  ['dsn.notify', { dsn: { notify: 'sometimes' } }],
  ['dsn', { dsn: 'success' }],
])('%s without content is refused by its path: %#', async (path, fields) => {
  const outbox = createOutbox()
  await using mailer = createMailer(outbox.transporter)

  await expect(mailer.send({ ...letter, ...fields } as MailgunMessage)).rejects.toMatchObject({
    path,
  })
})

test('a file that is missing is named before a connection is opened, and a file that is there is read', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mailgun-smtp-'))
  const file = join(folder, 'a.txt')
  writeFileSync(file, 'the content')
  await using mailer = createMailer({
    host: '127.0.0.1',
    port: 1,
    secure: false,
    requireTLS: false,
    auth: { user: 'user', pass: 'password' },
    disableFileAccess: false,
    retry: false,
  })

  const send = (path: string) => mailer.send({ ...letter, attachments: [{ path }] })

  await expect(send(`${file}.canary`)).rejects.toMatchObject({
    path: 'attachments[0].path',
    message: expect.not.stringContaining('canary') as unknown,
  })
  await expect(send(file)).rejects.toMatchObject({ code: 'ERR_MAILGUN_CONNECTION' })
  rmSync(folder, { recursive: true })
})
