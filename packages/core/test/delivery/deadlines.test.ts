import { connect } from 'node:net'
import { createServer, type AddressInfo } from 'node:net'
import { describe, expect, test } from 'vitest'
import { createMailer, DeliveryError, type MailgunConfig } from '../../src/index.ts'
import { failedSend, verdict } from '../scripted-server/failed-send.ts'
import { ScriptedServer } from '../scripted-server/scripted-server.ts'
import { letter } from '../wire/wire.ts'

const silence = { silence: true } as const

const deadline = 150

describe.each([false, true])('pool: %s', (pool) => {
  test.each(['ehlo', 'auth', 'mail', 'rcpt', 'data'] as const)(
    'a server silent at %s ends the send by the deadline for the body; nothing was taken',
    async (moment) => {
      const { error, server } = await failedSend(
        { script: { [moment]: silence } },
        { pool, deadlines: { untilBody: deadline } },
      )

      expect(verdict(error)).toEqual({
        outcome: 'deferred',
        fault: 'connection',
        retryable: true,
        code: 'ERR_MAILGUN_TIMEOUT',
      })
      expect(error.message).toContain('deadlines.untilBody')
      expect(server.bodies).toEqual([])
    },
  )

  test('a server that does not greet ends it by the deadline for the greeting', async () => {
    const { error } = await failedSend(
      { script: { greeting: silence } },
      { pool, deadlines: { greeting: deadline } },
    )

    expect(verdict(error)).toMatchObject({ outcome: 'deferred', code: 'ERR_MAILGUN_CONNECTION' })
  })

  test('a server silent after the dot: the outcome is unknown, and the connection is gone', async () => {
    await using server = await ScriptedServer.open({ script: { dot: silence } })
    await using mailer = createMailer({ ...server.config, pool, deadlines: { afterDot: deadline } })

    await expect(mailer.send(letter)).rejects.toMatchObject({
      outcome: 'unknown',
      code: 'ERR_MAILGUN_UNKNOWN_OUTCOME',
      retryable: false,
      attempts: 1,
    })
    await server.deserted()
    expect(server.bodies).toHaveLength(1)
  })

  test('an aborted send ends at once: before the body nothing was taken', async () => {
    await using server = await ScriptedServer.open({ script: { data: silence } })
    await using mailer = createMailer({ ...server.config, pool })
    const controller = new AbortController()

    const sending = mailer.send(letter, { signal: controller.signal })
    void server.heard(/^DATA/).then(() => controller.abort())

    await expect(sending).rejects.toMatchObject({
      outcome: 'deferred',
      code: 'ERR_MAILGUN_ABORTED',
      attempts: 1,
    })
    await server.deserted()
  })

  test('an aborted send after the dot: the outcome is unknown', async () => {
    await using server = await ScriptedServer.open({ script: { dot: silence } })
    await using mailer = createMailer({ ...server.config, pool })
    const controller = new AbortController()

    const sending = mailer.send(letter, { signal: controller.signal })
    void server.heard(/^\.$/).then(() => controller.abort())

    await expect(sending).rejects.toMatchObject({ outcome: 'unknown', code: 'ERR_MAILGUN_ABORTED' })
    await server.deserted()
  })
})

/** A server whose replies drip out, one byte each few milliseconds: never silent, never done. */
async function openDrip(): Promise<AsyncDisposable & { readonly config: MailgunConfig }> {
  const sockets = new Set<ReturnType<typeof connect>>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    const timer = setInterval(() => socket.write('2'), 5)
    socket.on('close', () => clearInterval(timer))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    config: {
      auth: { user: 'a@b.test', pass: 'secret' },
      host: '127.0.0.1',
      port: (server.address() as AddressInfo).port,
      secure: false,
      requireTLS: false,
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

test('a server that drips on without end is left by the deadline', async () => {
  await using server = await openDrip()
  await using mailer = createMailer({
    ...server.config,
    retry: false,
    deadlines: { greeting: 60_000, untilBody: deadline },
  })

  const error: unknown = await mailer.send(letter).catch((reason: unknown) => reason)

  expect(error).toBeInstanceOf(DeliveryError)
  expect(error).toMatchObject({ outcome: 'deferred', code: 'ERR_MAILGUN_TIMEOUT' })
})

test('a check of the connection ends by its deadline', async () => {
  await using server = await openDrip()
  await using mailer = createMailer({
    ...server.config,
    deadlines: { greeting: 60_000, untilBody: deadline },
  })

  await expect(mailer.verify()).rejects.toMatchObject({ code: 'ERR_MAILGUN_TIMEOUT' })
})

test.each([
  [{ untilBody: 0 }, 'deadlines.untilBody must be a whole number of milliseconds from 1.'],
  [{ connect: 1.5 }, 'deadlines.connect must be a whole number of milliseconds from 1.'],
  [{ afterdot: 5 }, 'deadlines takes connect, greeting, untilBody, body, afterDot only.'],
])('deadlines %j are refused', (deadlines, message) => {
  expect(() =>
    createMailer({ auth: { user: 'a@b.test', pass: 'p' }, deadlines: deadlines as object }),
  ).toThrow(message)
})
