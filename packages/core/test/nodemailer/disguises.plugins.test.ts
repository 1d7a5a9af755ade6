import { generateKeyPairSync } from 'node:crypto'
import { createTransport, type MailMessage, type PluginFunction, type Transport } from 'nodemailer'
import { describe, expect, test } from 'vitest'
import { attachMailgun, createMailer, InvalidOptionError } from '../../src/index.ts'
import { ScriptedServer } from '../scripted-server/scripted-server.ts'
import { letter, plainTransporter, streamTransporter, wireOf, type Wire } from '../wire/wire.ts'

const evil = 'https://evil.test/canary'
const message = { ...letter, mailgun: { tags: ['ours'] } }
const ours = ['X-Mailgun-Tag: ours']

/** A plugin that does one thing and is done. */
const doing =
  (act: (mail: MailMessage) => void): PluginFunction =>
  (mail, done) => {
    act(mail as MailMessage)
    done()
  }

const compilers: Readonly<Record<string, (mail: MailMessage) => void>> = {
  'adds a header': (mail) => {
    mail.data.headers = { 'X-Mailgun-Archive-To': evil }
  },
  'adds a header to ours': (mail) => {
    const headers = mail.data.headers as object
    mail.data.headers = (
      Array.isArray(headers)
        ? [...(headers as object[]), { key: 'x-mailgun-archive-to', value: evil }]
        : { ...headers, 'x-mailgun-archive-to': evil }
    ) as never
  },
  'gives raw content': (mail) => {
    mail.data.raw = `X-Mailgun-Archive-To: ${evil}\r\n\r\nbody`
  },
  'gives a sole part raw content': (mail) => {
    delete mail.data.text
    mail.data.attachments = [{ raw: `X-Mailgun-Archive-To: ${evil}\r\n\r\nbody` }]
  },
  'renames headers': (mail) => {
    mail.data.normalizeHeaderKey = (key: string) =>
      key === 'Subject' ? 'X-Mailgun-Archive-To' : key
  },
  'prepares the subject': (mail) => {
    mail.data.subject = { prepared: true, value: `a\r\nX-Mailgun-Archive-To: ${evil}` } as never
  },
}

const streamers: Readonly<Record<string, (mail: MailMessage) => void>> = {
  'adds a header': ({ message: node }) => void node.addHeader('X-Mailgun-Archive-To', evil),
  'adds ours once more': ({ message: node }) => void node.addHeader('X-Mailgun-Tag', 'ours'),
  'replaces ours': ({ message: node }) => void node.setHeader('X-Mailgun-Tag', 'theirs'),
  'prepares a header': ({ message: node }) =>
    void node.addHeader('X-A', { prepared: true, value: `a\r\nX-Mailgun-Archive-To: ${evil}` }),
  'prepares a header that ends the block': ({ message: node }) =>
    void node.addHeader('X-A', { prepared: true, value: 'a\r\n\r\nbody' }),
  'prepares a header that begins another': ({ message: node }) =>
    void node.addHeader('X-A', { prepared: true, value: 'a\r\nX-Evil: 1' }),
  'prepares a header with a bare line feed': ({ message: node }) =>
    void node.addHeader('X-A', { prepared: true, value: `a\nX-Mailgun-Archive-To: ${evil}` }),
  'prepares a header with a bare carriage return': ({ message: node }) =>
    void node.addHeader('X-A', { prepared: true, value: `a\rX-Mailgun-Archive-To: ${evil}` }),
  'gives the root raw content': ({ message: node }) =>
    void node.setRaw(`X-Mailgun-Archive-To: ${evil}\r\n\r\nbody`),
  'renames headers': ({ message: node }) => {
    node.normalizeHeaderKey = (key: string) => (key === 'Subject' ? 'X-Mailgun-Archive-To' : key)
  },
  'builds the block itself': ({ message: node }) => {
    const build = node.buildHeaders.bind(node)
    node.buildHeaders = () => `X-Mailgun-Archive-To: ${evil}\r\n${build()}`
  },
  'makes it the other container': ({ message: node }) =>
    void node.setHeader('Content-Type', 'multipart/mailgun-variables'),
  'adds a header when it is too late': ({ message: node }) => {
    setImmediate(() => node.addHeader('X-Mailgun-Archive-To', evil))
  },
  'adds a header that answers anew': ({ message: node }) => {
    let asked = 0
    const say = (): string => (asked++ === 0 ? 'a' : `a\r\nX-Mailgun-Archive-To: ${evil}`)
    node.addHeader('X-A', { prepared: true, value: { toString: say } } as never)
  },
}

describe.each(['before', 'after'])('a plugin used %s attachMailgun', (when) => {
  function transporterWith(step: 'compile' | 'stream', act: (mail: MailMessage) => void) {
    const transporter = plainTransporter()
    if (when === 'before') transporter.use(step, doing(act))
    attachMailgun(transporter)
    if (when === 'after') transporter.use(step, doing(act))
    return transporter
  }

  test.each(Object.entries(compilers))('in the compile step that %s', async (_name, act) => {
    expect(await left(wireOf(message, transporterWith('compile', act)))).toEqual(ours)
  })

  test.each(Object.entries(streamers))('in the stream step that %s', async (_name, act) => {
    expect(await left(wireOf(message, transporterWith('stream', act)))).toEqual(ours)
  })

  test('that adds a header of its own is heard', async () => {
    const { fields, mailgun } = await wireOf(
      message,
      transporterWith('stream', ({ message: node }) => void node.addHeader('X-Shop', 'a "b" é')),
    )

    expect(fields.map(([name]) => name)).toContain('X-Shop')
    expect(mailgun).toEqual(ours)
  })
})

describe('the defaults and options of createTransport', () => {
  test.each([
    ['a header', { headers: { 'X-Mailgun-Archive-To': evil } }],
    ['a raw message', { raw: `X-Mailgun-Archive-To: ${evil}\r\n\r\nbody` }],
    ['a name for every header', { normalizeHeaderKey: () => 'X-Mailgun-Archive-To' }],
    [
      'a prepared header',
      { headers: { 'X-A': { prepared: true, value: `a\r\nX-Mailgun-Archive-To: ${evil}` } } },
    ],
    ['a prepared mailer', { xMailer: { prepared: true, value: 'a\r\nX-Evil: 1' } }],
  ])('%s is refused', async (_name, defaults) => {
    expect(await left(wireOf(message, streamTransporter(defaults as never)))).toEqual(ours)
  })

  test('a transporter that renames headers is refused', async () => {
    const transporter = createTransport({
      streamTransport: true as const,
      buffer: true,
      normalizeHeaderKey: () => 'X-Mailgun-Archive-To',
    })

    await expect(attachMailgun(transporter).sendMail(message)).rejects.toThrow(InvalidOptionError)
  })

  test('options in them are merged under those of the message', async () => {
    const transporter = streamTransporter({ mailgun: { tags: ['default'], track: false } })

    expect((await wireOf(message, transporter)).mailgun).toEqual([
      'X-Mailgun-Tag: default',
      'X-Mailgun-Tag: ours',
      'X-Mailgun-Track: no',
    ])
    expect((await wireOf(letter, transporter)).mailgun).toEqual([
      'X-Mailgun-Tag: default',
      'X-Mailgun-Track: no',
    ])
    expect((await wireOf({ ...letter, mailgun: { tags: null } }, transporter)).mailgun).toEqual([
      'X-Mailgun-Track: no',
    ])
  })
})

test('a message that is signed carries our fields and the signature', async () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 })
  await using server = await ScriptedServer.open()
  const transporter = createTransport({
    host: '127.0.0.1',
    port: server.port,
    ignoreTLS: true,
    dkim: {
      domainName: 'example.com',
      keySelector: 's1',
      privateKey: privateKey.export({ type: 'pkcs1', format: 'pem' }) as string,
    },
  })
  await using mailer = createMailer(transporter)

  await mailer.send(message)

  const [body = ''] = server.bodies
  expect(body).toMatch(/^DKIM-Signature: v=1;/)
  expect(body).toContain('\r\nX-Mailgun-Tag: ours\r\n')
})

test("Mailgun's other container is refused, from the message and from a plugin", async () => {
  const contentType = 'Multipart/Mailgun-Variables; boundary=x'
  const transporter = streamTransporter()
  transporter.use(
    'stream',
    doing(({ message: node }) => void node.setHeader('Content-Type', contentType)),
  )
  const refusal: unknown = expect.objectContaining({ code: 'ERR_MAILGUN_FOREIGN_HEADER' })
  const part = { content: 'x', contentType }

  await expect(wireOf(letter, transporter)).rejects.toEqual(refusal)
  await expect(wireOf({ from: letter.from, to: letter.to, attachments: [part] })).rejects.toEqual(
    refusal,
  )
  await expect(
    wireOf({ ...letter, headers: { 'Content-Type': contentType } }),
  ).rejects.toMatchObject({ code: 'ERR_MAILGUN_INVALID_MESSAGE', path: 'headers[0]' })
})

test('attaching a second time, or through a mailer, changes nothing', async () => {
  const transporter = streamTransporter()

  attachMailgun(attachMailgun(transporter))
  createMailer(transporter)

  expect((await wireOf(message, transporter)).mailgun).toEqual(ours)
})

test('two transporters may share an inner one', async () => {
  const sent: string[] = []
  const inner: Transport = {
    name: 'shared',
    version: '1',
    send: ({ message: node }, done) => {
      sent.push(node.buildHeaders())
      done(null, { envelope: node.getEnvelope(), messageId: node.messageId() })
    },
  }
  const transporters = [createTransport(inner), createTransport(inner)].map(attachMailgun)

  for (const transporter of transporters) await transporter.sendMail(message)

  expect(sent.map((block) => block.match(/^X-Mailgun-.*$/gm))).toEqual([ours, ours])
})

/** The X-Mailgun- fields that left, and any that broke out of its own. A refusal leaves nothing but ours. */
async function left(sending: Promise<Wire>): Promise<readonly string[]> {
  try {
    const { mailgun, raw } = await sending
    return [...mailgun, ...(raw.match(/^X-Evil.*$/m) ?? [])]
  } catch (error) {
    if (!(error instanceof InvalidOptionError) || error.message.includes('canary')) throw error
    return ours
  }
}
