import { ConfigError, createMailer, type MailgunConfig } from '@mailgun-smtp/core'
import { createMailgunEmulator, type MailgunEmulator } from '@mailgun-smtp/emulator'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { describe, expect, test } from 'vitest'
import { certificate } from './certificate.ts'
import { copiesOf, heardBy } from './scene.ts'
import { letter } from './verdict.ts'

const messageId = '<first@mg.example.com>'
const auth = { user: 'postmaster@mg.example.com', pass: 'secret' }
const open = (): Promise<MailgunEmulator> =>
  createMailgunEmulator({ httpPort: false, securePort: false, credentials: [auth] })

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

describe.each([false, true])('F26, pool: %s', (pool) => {
  test('a message that the first port rejects never takes the next', async () => {
    await using first = await open()
    await using next = await open()
    await using mailer = createMailer({ ...config(first.port, next.port, first.ca), pool })
    first.faults.always({ at: 'rcpt', reply: [550, 'No such user'] })

    await expect(mailer.send(letter)).rejects.toMatchObject({ outcome: 'rejected', attempts: 1 })
    expect(next.sessions).toEqual([])
  })

  test('a port that refuses connections is passed over', async () => {
    await using next = await open()
    await using mailer = createMailer({ ...config(await closedPort(), next.port, next.ca), pool })

    await expect(mailer.send({ ...letter, messageId })).resolves.toMatchObject({ attempts: 1 })
    expect(copiesOf(messageId, next)).toBe(1)
  })

  test('a message that may have been taken at the first port never takes the next', async () => {
    await using first = await open()
    await using next = await open()
    await using mailer = createMailer({ ...config(first.port, next.port, first.ca), pool })
    first.faults.always({ at: 'final', drop: 'after-store' })

    await expect(mailer.send(letter)).rejects.toMatchObject({ outcome: 'unknown', attempts: 1 })
    expect(first.ledger.count()).toBe(1)
    expect(next.sessions).toEqual([])
  })

  test('with both ports down the message is deferred, and the mailer recovers when the first is back', async () => {
    const [first, next] = [await closedPort(), await closedPort()]
    await using probe = await open()
    await using mailer = createMailer({ ...config(first, next, probe.ca), pool })
    await expect(mailer.send(letter)).rejects.toMatchObject({
      outcome: 'deferred',
      retryable: true,
    })

    await using back = await createMailgunEmulator({
      httpPort: false,
      securePort: false,
      credentials: [auth],
      port: first,
    })
    await expect(mailer.send({ ...letter, messageId })).resolves.toMatchObject({ attempts: 1 })
    expect(copiesOf(messageId, back)).toBe(1)
  })
})

test('F26: a port with a certificate of nobody’s is not passed over: the next one is no safer', async () => {
  await using first = await createMailgunEmulator({ httpPort: false, credentials: [auth] })
  await using next = await createMailgunEmulator({ httpPort: false, credentials: [auth] })
  const { securePort = 0, ca } = first
  await using mailer = createMailer({
    ...config(securePort, next.securePort ?? 0, ca),
    secure: true,
  })
  first.faults.always({ at: 'tls', certificate: 'unknown-ca' })

  await expect(mailer.send(letter)).rejects.toMatchObject({ code: 'ERR_MAILGUN_TLS', attempts: 1 })
  expect(next.sessions).toEqual([])
})

test.each([
  ['465 in clear', { port: 465, secure: false }],
  ['587 with TLS from the first byte', { port: 587, secure: true }],
])('F17: %s is refused from the config alone', (_what, wrong) => {
  expect(() => createMailer({ auth, ...wrong })).toThrow(ConfigError)
})

test.each([
  ['TLS from the first byte on a port of STARTTLS', true],
  ['STARTTLS on a port of TLS', false],
])('F17: %s, asked for all the same, says what is wrong in one line', async (_what, secure) => {
  await using emulator = await createMailgunEmulator({ httpPort: false })
  const { host, ca, credentials, port, securePort = 0 } = emulator
  await using mailer = createMailer({
    host,
    secure,
    port: secure ? port : securePort,
    auth: credentials,
    tls: { ca },
    deadlines: { greeting: 500 },
    retry: false,
  })

  const error: unknown = await mailer.send(letter).catch((reason: unknown) => reason)

  expect(error).toMatchObject({ outcome: 'deferred', fault: 'connection', attempts: 1 })
  expect((error as Error).message).toMatch(/^[^\n]{20,200}$/)
  expect(heardBy(emulator)).toEqual([])
})

test('F14: a server that speaks TLS 1.1 at most is refused, and no word is said in clear', async () => {
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
})
