import { X509Certificate } from 'node:crypto'
import { createServer, type AddressInfo } from 'node:net'
import {
  checkServerIdentity as checkIdentity,
  connect,
  createServer as createTlsServer,
  type PeerCertificate,
} from 'node:tls'
import { createTransport } from 'nodemailer'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createCertificate, type Certificate } from '../../src/certificate/certificate.ts'
import { createMailgunEmulator, type MailgunEmulator } from '../../src/index.ts'
import { RawClient } from '../clients/raw-client.ts'

const mail = { from: 'shop@mg.example.com', to: 'ada@example.com', subject: 'Hi', text: 'Hello' }

describe('TLS', () => {
  let emulator: MailgunEmulator
  beforeAll(async () => {
    emulator = await createMailgunEmulator({ httpPort: false })
  })
  afterAll(() => emulator.close())

  test.each(['starttls', 'implicit'] as const)(
    'takes mail from nodemailer, which verifies the certificate: %s',
    async (secure) => {
      const { transport, secureTransport } = emulator
      const transporter = createTransport(secure === 'implicit' ? secureTransport : transport)

      const info = await transporter.sendMail(mail)

      expect(info.response).toBe('250 Great success')
      const { submission } = await emulator.waitFor({ messageId: info.messageId })
      expect(submission.session).toMatchObject({
        secure,
        tls: 'TLSv1.3',
        user: 'postmaster@mg.example.com',
      })
      transporter.close()
    },
  )

  test.each(['transport', 'secureTransport'] as const)(
    'is refused by a client that does not trust the authority: %s',
    async (name) => {
      const transporter = createTransport({ ...emulator[name], tls: {} })

      await expect(transporter.sendMail(mail)).rejects.toThrow(/certificate/)
      transporter.close()
    },
  )

  test.each([
    ['EHLO in the same packet', 'STARTTLS\r\nEHLO injected\r\n'],
    ['AUTH and MAIL in the same packet', 'STARTTLS\r\nAUTH LOGIN\r\nMAIL FROM:<evil@x.y>\r\n'],
    ['half a command in the same packet', 'STARTTLS\r\nMAIL FR'],
  ])('ignores what was said in clear after STARTTLS: %s', async (_, injected) => {
    const client = await RawClient.connect(emulator)
    await client.until('ready\r\n')
    client.send('EHLO x\r\n')
    await client.until('STARTTLS\r\n')

    client.send(injected)
    expect(await client.until('\r\n')).toBe('220 Go ahead\r\n')
    await client.startTls(emulator.ca)
    client.send('MAIL FROM:<a@b.c>\r\nEHLO x\r\nSTARTTLS\r\n')

    const replies = (await client.until('503 Bad sequence of commands\r\n')).split('\r\n')
    // MAIL comes before EHLO inside TLS, whatever was said outside.
    expect(replies[0]).toBe('503 Bad sequence of commands')
    expect(replies.slice(2)).toEqual([
      '250-AUTH PLAIN LOGIN',
      '250-SIZE 52428800',
      '250-8BITMIME',
      '250-SMTPUTF8',
      '250 PIPELINING',
      '503 Bad sequence of commands',
      '',
    ])
    client.close()
  })

  test('forgets a login from before STARTTLS', async () => {
    const client = await RawClient.connect(emulator)
    const { user, pass } = emulator.credentials
    const plain = Buffer.from(`\0${user}\0${pass}`).toString('base64')
    client.send(`EHLO x\r\nAUTH PLAIN ${plain}\r\nSTARTTLS\r\n`)
    await client.until('220 Go ahead\r\n')
    await client.startTls(emulator.ca)

    client.send('EHLO x\r\nMAIL FROM:<a@b.c>\r\nRCPT TO:<d@e.f>\r\n')

    expect(await client.until('denied\r\n')).toMatch(/550 5\.7\.1 Relaying denied\r\n$/)
    client.close()
  })

  test('refuses TLS 1.1', async () => {
    const failure = new Promise<Error>((resolve) => {
      const socket = connect({
        host: emulator.host,
        port: emulator.securePort,
        ca: emulator.ca,
        minVersion: 'TLSv1.1',
        maxVersion: 'TLSv1.1',
        ciphers: 'DEFAULT@SECLEVEL=0',
      })
      socket.on('error', resolve)
    })

    await expect(failure).resolves.toMatchObject({
      code: expect.stringMatching(/PROTOCOL|ALERT/) as string,
    })
  })

  test('survives a client that speaks no TLS, or none to the end', async () => {
    const { host, securePort = 0 } = emulator
    const talker = await RawClient.connect({ host, port: securePort })
    talker.send('EHLO x\r\n')
    await talker.untilEnd()
    const vanishing = await RawClient.connect(emulator)
    vanishing.send('STARTTLS\r\n')
    await vanishing.until('Go ahead\r\n')
    vanishing.close()

    const transporter = createTransport(emulator.transport)
    await expect(transporter.verify()).resolves.toBe(true)
    transporter.close()
  })
})

describe('the certificate', () => {
  const { ca, cert } = createCertificate('127.0.0.2')
  const authority = new X509Certificate(ca)
  const server = new X509Certificate(cert)

  test('is signed by the authority', () => {
    expect(server.verify(authority.publicKey)).toBe(true)
    expect(server.checkIssued(authority)).toBe(true)
    expect(authority.ca).toBe(true)
    expect(server.ca).toBe(false)
  })

  test('names loopback and nothing else', () => {
    expect(server.subjectAltName).toBe(
      'DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1, IP Address:127.0.0.2',
    )
    expect(server.checkHost('smtp.mailgun.org')).toBeUndefined()
    // 2.5.29.30, name constraints: the authority can vouch for nothing beyond loopback either.
    expect(authority.raw.includes(Buffer.from([0x06, 0x03, 0x55, 0x1d, 0x1e]))).toBe(true)
  })

  test('names the hosts it is asked for, but not "any address"', () => {
    const made = createCertificate('mail.test', '10.1.2.3', 'fd00::1:2', '0.0.0.0', '::')
    const { subjectAltName } = new X509Certificate(made.cert)

    expect(subjectAltName).toBe(
      'DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1, DNS:mail.test, IP Address:10.1.2.3, IP Address:FD00:0:0:0:0:0:1:2',
    )
  })

  test.each(['mail.test', '10.1.2.3', 'fd00::1:2'])(
    'is trusted for a host that it was made for: %s',
    async (host) => {
      await using server = await showing(createCertificate(host))
      expect(await server.look(host)).toBe('good')
      expect(await server.look('other.test')).toBe('ERR_TLS_CERT_ALTNAME_INVALID')
    },
  )

  test('is made with a flaw only when one is asked for, and once', () => {
    const made = createCertificate()
    const expired = made.flawed('expired')

    expect(made.flawed('expired')).toBe(expired)
    expect(new Date(new X509Certificate(expired.cert).validTo).getTime()).toBeLessThan(Date.now())
    expect(new X509Certificate(made.flawed('wrong-name').cert).checkHost('localhost')).toBe(
      undefined,
    )
    const { publicKey } = new X509Certificate(made.ca)
    expect(new X509Certificate(made.flawed('unknown-ca').cert).verify(publicKey)).toBe(false)
  })

  test.each(['127.0.0.1', '::1', 'localhost'])('is good for %s', async (host) => {
    const reachable = await listens(host)
    const emulator = await createMailgunEmulator({ host: reachable, httpPort: false })
    const transporter = createTransport(emulator.transport)

    await expect(transporter.verify()).resolves.toBe(true)
    transporter.close()
    await emulator.close()
  })
})

/** A TLS server on loopback, and what a client finds that takes it for a host. */
async function showing({ ca, cert, key }: Certificate) {
  const server = createTlsServer({ cert, key }, (socket) => socket.end())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    look: (name: string): Promise<string> =>
      new Promise((resolve) => {
        const checkServerIdentity = (_: string, shown: PeerCertificate): Error | undefined =>
          checkIdentity(name, shown)
        const socket = connect({ port, host: '127.0.0.1', ca, checkServerIdentity }, () => {
          socket.destroy()
          resolve('good')
        })
        socket.on('error', ({ code = '' }: NodeJS.ErrnoException) => resolve(code))
      }),
    [Symbol.asyncDispose]: async (): Promise<void> => {
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** The host, or 127.0.0.1 on a machine without it (containers often lack ::1). */
async function listens(host: string): Promise<string> {
  const server = createServer()
  const isThere = await new Promise<boolean>((resolve) => {
    server.on('error', () => resolve(false))
    server.listen({ host, port: 0 }, () => resolve(true))
  })
  if (isThere) server.close()
  return isThere ? host : '127.0.0.1'
}
