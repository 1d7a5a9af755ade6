import { createTransport } from 'nodemailer'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { attachMailgun, createMailer, type DeliveryError } from '../../src/index.ts'
import { certificates } from '../scripted-server/certificates.ts'
import { failedSend, verdict } from '../scripted-server/failed-send.ts'
import { auth, ScriptedServer } from '../scripted-server/scripted-server.ts'
import { letter } from '../wire/wire.ts'

afterEach(() => {
  vi.unstubAllEnvs()
})

const insecure = (retryable: boolean): object => ({
  outcome: 'deferred',
  fault: 'connection',
  retryable,
  code: 'ERR_MAILGUN_TLS',
})

/** What a client may say before TLS. */
const early = /^(?:EHLO |STARTTLS$)/

describe.each([false, true])('pool: %s', (pool) => {
  test('a server that offers no STARTTLS gets neither login nor message', async () => {
    const { error, server } = await failedSend({}, { pool, requireTLS: true })

    expect(verdict(error)).toEqual(insecure(false))
    expect(error.cure).toContain('a device in between removes it')
    expect(server.lines.every((line) => early.test(line))).toBe(true)
  })

  test.each([
    ['454 TLS not available', true],
    ['502 Command not implemented', false],
  ])('a server that offers it and then says %s gets neither', async (reply, retryable) => {
    const { error, server } = await failedSend(
      { tls: 'starttls', script: { starttls: reply } },
      { pool },
    )

    expect(verdict(error)).toEqual(insecure(retryable))
    expect(server.lines.every((line) => early.test(line))).toBe(true)
  })

  test('a connection that ends before or within the handshake took nothing, and may be tried again', async () => {
    for (const after of [undefined, '220 Go ahead\r\n']) {
      const answer =
        after === undefined ? { drop: 'end' as const } : { drop: 'end' as const, after }
      const { error, server } = await failedSend(
        { tls: 'starttls', script: { starttls: answer } },
        { pool },
      )

      expect(error).toMatchObject({ outcome: 'deferred', fault: 'connection', retryable: true })
      expect(server.lines.every((line) => early.test(line))).toBe(true)
    }
  })

  test('bytes in clear that come with the consent to TLS end the session: it gets neither login nor message', async () => {
    const script = { starttls: '220 Go ahead\r\n250-injected\r\n250 AUTH CRAM-MD5' }
    const { error, server } = await failedSend({ tls: 'starttls', script }, { pool })

    expect(verdict(error)).toEqual(insecure(false))
    expect(error.message).toContain('Unencrypted bytes')
    expect(server.lines.every((line) => early.test(line))).toBe(true)
  })

  describe.each(['implicit', 'starttls'] as const)('%s TLS', (tls) => {
    test.each([
      ['of an unknown CA', 'localhost', {}],
      ['for another host', 'elsewhere', { ca: certificates.elsewhere }],
      ['of the past', 'expired', { ca: certificates.expired }],
    ] as const)(
      'a certificate %s gets neither login nor message',
      async (_name, certificate, settings) => {
        const { error, server } = await failedSend({ tls, certificate }, { pool, tls: settings })

        expect(verdict(error)).toEqual(insecure(false))
        expect(error.cure).toContain('set tls.ca')
        expect(server.lines.every((line) => early.test(line))).toBe(true)
      },
    )

    test('a certificate we trust carries the message', async () => {
      await using server = await ScriptedServer.open({ tls })
      await using mailer = createMailer({ ...server.config, pool })

      await expect(mailer.verify()).resolves.toBe(true)
      await mailer.send(letter)

      expect(server.bodies).toHaveLength(1)
    })
  })
})

test('verification does not yield to the environment', async () => {
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0')
  const { error } = await failedSend({ tls: 'implicit' }, { tls: {} })

  expect(verdict(error)).toEqual(insecure(false))
})

test('TLS to a port that begins in clear is told as that', async () => {
  const { error, server } = await failedSend({}, { secure: true, requireTLS: undefined })

  expect(verdict(error)).toEqual(insecure(false))
  expect(error.message).toContain('The port does not begin with TLS.')
  expect(server.lines.every((line) => early.test(line) || !line.startsWith('AUTH'))).toBe(true)
})

test('clear to a port that begins with TLS waits for a greeting that does not come', async () => {
  await using server = await ScriptedServer.open({ tls: 'implicit' })
  const transporter = attachMailgun(
    createTransport({ host: '127.0.0.1', port: server.port, auth, greetingTimeout: 100 }),
  )

  const error = await transporter
    .sendMail(letter)
    .catch((reason: unknown) => reason as DeliveryError)

  expect(error).toMatchObject({ outcome: 'deferred', code: 'ERR_MAILGUN_CONNECTION' })
  expect(server.lines).toEqual([])
})
