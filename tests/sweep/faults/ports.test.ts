import { ConfigError, createMailer, type MailgunConfig } from '@mailgun-smtp/core'
import { createMailgunEmulator, type MailgunEmulator } from '@mailgun-smtp/emulator'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { describe, expect, test } from 'vitest'
import { certificate } from './table/certificate.ts'
import { copiesOf, heardBy, keepTo } from '../scene/scene.ts'
import { letter } from '../scene/verdict.ts'
import { nameOf, waysOver, type Way } from '../scene/ways.ts'

const messageId = '<first@mg.example.com>'
const auth = { user: 'postmaster@mg.example.com', pass: 'secret' }

async function open(way: Way, port?: number): Promise<MailgunEmulator> {
  const emulator = await createMailgunEmulator({
    httpPort: false,
    securePort: false,
    credentials: [auth],
    ...(port !== undefined && { port }),
  })
  keepTo(way, emulator)
  return emulator
}

/** A config whose first port is one emulator's and whose next is another's, both with one authority. */
const config = (first: number, next: number, ca: string): MailgunConfig => ({
  host: '127.0.0.1',
  port: first,
  secure: false,
  fallbackPorts: [next],
  auth,
  tls: { ca },
  retry: { times: 2, baseDelay: 1 },
})

/** A port where nobody listens. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

describe.each(waysOver('starttls').map((way) => [nameOf(way), way] as const))(
  '%s',
  (_name, way) => {
    const { pool } = way

    test('F26: a message that the first port rejects never takes the next', async () => {
      await using first = await open(way)
      await using next = await open(way)
      await using mailer = createMailer({ ...config(first.port, next.port, first.ca), pool })
      first.faults.always({ at: 'rcpt', reply: [550, 'No such user'] })

      await expect(mailer.send(letter)).rejects.toMatchObject({ outcome: 'rejected', attempts: 1 })
      expect(next.sessions).toEqual([])
    })

    test('F26: a port that refuses connections is passed over', async () => {
      await using next = await open(way)
      await using mailer = createMailer({ ...config(await closedPort(), next.port, next.ca), pool })

      await expect(mailer.send({ ...letter, messageId })).resolves.toMatchObject({ attempts: 1 })
      expect(copiesOf(messageId, next)).toBe(1)
    })

    test('F26: a message that may have been taken at the first port never takes the next', async () => {
      await using first = await open(way)
      await using next = await open(way)
      await using mailer = createMailer({ ...config(first.port, next.port, first.ca), pool })
      first.faults.always({ at: 'final', drop: 'after-store' })

      await expect(mailer.send(letter)).rejects.toMatchObject({ outcome: 'unknown', attempts: 1 })
      expect(first.ledger.count()).toBe(1)
      expect(next.sessions).toEqual([])
    })

    test('F26: with both ports down the message is deferred, and the mailer recovers when the first is back', async () => {
      const [first, next] = [await closedPort(), await closedPort()]
      await using probe = await open(way)
      await using mailer = createMailer({ ...config(first, next, probe.ca), pool })
      await expect(mailer.send(letter)).rejects.toMatchObject({
        outcome: 'deferred',
        retryable: true,
      })

      await using back = await open(way, first)
      await expect(mailer.send({ ...letter, messageId })).resolves.toMatchObject({ attempts: 1 })
      expect(copiesOf(messageId, back)).toBe(1)
    })
  },
)

test.each([false, true])(
  'F26: a port with an unknown certificate is not skipped: the next one is no safer, pool: %s',
  async (pool) => {
    await using first = await createMailgunEmulator({ httpPort: false, credentials: [auth] })
    await using next = await createMailgunEmulator({ httpPort: false, credentials: [auth] })
    const { securePort = 0, ca } = first
    await using mailer = createMailer({
      ...config(securePort, next.securePort ?? 0, ca),
      secure: true,
      pool,
    })
    first.faults.always({ at: 'tls', certificate: 'unknown-ca' })

    await expect(mailer.send(letter)).rejects.toMatchObject({
      code: 'ERR_MAILGUN_TLS',
      attempts: 1,
    })
    expect(next.sessions).toEqual([])
  },
)

test.each([
  ['465 in clear', { port: 465, secure: false }],
  ['587 with TLS from the first byte', { port: 587, secure: true }],
])('F17: %s is refused from the config alone', (_what, wrong) => {
  expect(() => createMailer({ auth, ...wrong })).toThrow(ConfigError)
})

test.each([
  ['TLS from the first byte on a port of STARTTLS', true, false],
  ['TLS from the first byte on a port of STARTTLS', true, true],
  ['STARTTLS on a port of TLS', false, false],
  ['STARTTLS on a port of TLS', false, true],
])(
  'F17: %s, asked for all the same, says what is wrong in one line, pool: %s',
  async (_what, secure, pool) => {
    await using emulator = await createMailgunEmulator({ httpPort: false })
    const { host, ca, credentials, port, securePort = 0 } = emulator
    await using mailer = createMailer({
      host,
      secure,
      port: secure ? port : securePort,
      auth: credentials,
      tls: { ca },
      pool,
      deadlines: { greeting: 500 },
      retry: false,
    })

    const error: unknown = await mailer.send(letter).catch((reason: unknown) => reason)

    expect(error).toMatchObject({ outcome: 'deferred', fault: 'connection', attempts: 1 })
    expect((error as Error).message).toMatch(/^[^\n]{20,200}$/)
    expect(heardBy(emulator)).toEqual([])
  },
)

test.each([false, true])(
  'F14: a server that speaks TLS 1.1 at most is refused, and no word is said in clear, pool: %s',
  async (pool) => {
    const words: string[] = []
    const server = createTlsServer({
      ...certificate,
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1.1',
      ciphers: 'DEFAULT@SECLEVEL=0',
    })
    server.on('secureConnection', (socket) =>
      socket.on('data', (words_) => words.push(String(words_))),
    )
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    try {
      await using mailer = createMailer({
        host: '127.0.0.1',
        port,
        secure: true,
        auth,
        tls: { ca: certificate.cert },
        pool,
      })
      await expect(mailer.send(letter)).rejects.toMatchObject({
        code: 'ERR_MAILGUN_TLS',
        outcome: 'deferred',
        retryable: false,
        attempts: 1,
      })
      expect(words).toEqual([])
    } finally {
      server.close()
    }
  },
)
