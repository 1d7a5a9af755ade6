import { AsyncResource, executionAsyncResource } from 'node:async_hooks'
import { setImmediate as turn } from 'node:timers/promises'
import { callbackify } from 'node:util'
import { createTransport } from 'nodemailer'
import { afterEach, describe, expect, test, vi } from 'vitest'
import {
  ConfigError,
  attachMailgun,
  createMailer,
  isMailer,
  withMailgunOptions,
  type MailgunMessage,
} from '../../src/index.ts'
import { auth, ScriptedServer } from '../scripted-server/scripted-server.ts'
import { letter, wireIn } from '../wire/wire.ts'

afterEach(() => {
  vi.unstubAllEnvs()
})

const optionsOf = (body = ''): readonly string[] => wireIn(body).mailgun

describe('options, from the outermost layer to the message', () => {
  test('each layer overrides the one before', async () => {
    await using server = await ScriptedServer.open()
    await using root = createMailer({
      ...server.config,
      defaults: { mailgun: { tags: ['config'], track: true, templateName: 'config', dkim: true } },
    })
    const mailer = root
      .withDefaults({ tags: ['module'], templateName: 'module' })
      .with({ tags: ['with'], deliverWithin: '1h' })

    await withMailgunOptions({ tags: ['outer'], track: false, deliverWithin: '2h' }, () =>
      withMailgunOptions({ tags: ['inner'], dkim: null }, () =>
        mailer.send({ ...letter, mailgun: { tags: ['message'], requireTls: true } }),
      ),
    )

    expect(optionsOf(server.bodies[0])).toEqual([
      'X-Mailgun-Tag: config',
      'X-Mailgun-Tag: module',
      'X-Mailgun-Tag: outer',
      'X-Mailgun-Tag: inner',
      'X-Mailgun-Tag: with',
      'X-Mailgun-Tag: message',
      'X-Mailgun-Track: no',
      'X-Mailgun-Template-Name: module',
      'X-Mailgun-Deliver-Within: 1h',
      'X-Mailgun-Require-Tls: yes',
    ])
  })

  test('null clears all below it, also where the transporter has options of its own', async () => {
    await using server = await ScriptedServer.open()
    const transporter = createTransport({ host: '127.0.0.1', port: server.port, ignoreTLS: true }, {
      mailgun: { tags: ['default'], track: false },
    } as MailgunMessage)
    await using mailer = createMailer(attachMailgun(transporter) as typeof transporter)

    await mailer.send({ ...letter, mailgun: { tags: null } })
    await mailer.with({ track: null }).send({ ...letter, mailgun: { tags: ['own'] } })
    await withMailgunOptions({ tags: null }, () => mailer.send(letter))

    expect(server.bodies.map(optionsOf)).toEqual([
      ['X-Mailgun-Track: no'],
      ['X-Mailgun-Tag: default', 'X-Mailgun-Tag: own'],
      ['X-Mailgun-Track: no'],
    ])
  })

  test('scopes that send at once do not meet', async () => {
    await using server = await ScriptedServer.open()
    await using mailer = createMailer({ ...server.config, pool: true })
    const names = Array.from({ length: 20 }, (_, index) => `t${index}`)

    await Promise.all(
      names.map((name) =>
        withMailgunOptions({ tags: [name] }, async () => {
          await turn()
          await mailer.send({ ...letter, subject: name })
        }),
      ),
    )

    for (const body of server.bodies) {
      const subject = /^Subject: (\w+)$/m.exec(body)?.[1]
      expect(optionsOf(body)).toEqual([`X-Mailgun-Tag: ${subject}`])
    }
    expect(server.bodies).toHaveLength(20)
  })
})

describe('where a mailer comes from', () => {
  test('the environment, read at the first send and not before', async () => {
    await using server = await ScriptedServer.open({ tls: 'implicit' })
    vi.stubEnv('MAILGUN_SMTP_URL', '')
    vi.stubEnv('MAILGUN_SMTP_LOGIN', '')
    await using mailer = createMailer()

    await expect(mailer.send(letter)).rejects.toThrow(ConfigError)
    await expect(mailer.verify()).rejects.toThrow('set MAILGUN_SMTP_URL')

    const login = `${encodeURIComponent(auth.user)}:${auth.pass}`
    vi.stubEnv('MAILGUN_SMTP_URL', `smtps://${login}@127.0.0.1:${server.port}`)

    await expect(mailer.send(letter)).rejects.toMatchObject({ code: 'ERR_MAILGUN_TLS' })
  })

  test('a transporter that is not SMTP, whose replies say less', async () => {
    for (const transporter of [
      createTransport({ streamTransport: true as const }),
      createTransport({ jsonTransport: true as const }),
      createTransport({
        name: 'own',
        version: '1',
        send: (_mail, done) => done(null, { messageId: '<own@x>' } as never),
      }),
    ]) {
      await using mailer = createMailer(transporter)

      const receipt = await mailer.send({ ...letter, mailgun: { tags: ['a'] } })

      expect(receipt).toMatchObject({ refused: [], reply: { code: 250 }, attempts: 1 })
      expect(receipt.messageId).toMatch(/^<.+>$/)
    }
  })

  test('a plugin of the transporter that fails is not a failure of the connection', async () => {
    const transporter = createTransport({ streamTransport: true as const })
    transporter.use('compile', (_mail, done) => done(new Error('canary')))
    await using mailer = createMailer(transporter)

    const error: unknown = await mailer.send(letter).catch((reason: unknown) => reason)

    expect(error).toMatchObject({
      code: 'ERR_MAILGUN_CONTENT',
      outcome: 'rejected',
      fault: 'message',
      retryable: false,
    })
    expect((error as Error).message).not.toContain('canary')
  })

  test('a transport that hands on to another mailer keeps its error', async () => {
    await using server = await ScriptedServer.open({ script: { dot: { drop: 'end' } } })
    await using last = createMailer(server.config)
    const sendByLast = callbackify(() => last.send(letter))
    const transporter = createTransport({
      name: 'relay',
      version: '1',
      send: (_mail, done) => sendByLast(done as never),
    })
    await using mailer = createMailer(transporter)

    await expect(mailer.send(letter)).rejects.toMatchObject({ outcome: 'unknown' })
  })

  test('another mailer, with which it shares its connection', async () => {
    await using server = await ScriptedServer.open()
    await using mailer = createMailer({ ...server.config, pool: true, maxConnections: 1 })

    await mailer.send(letter)
    await mailer
      .with({ track: false })
      .withDefaults({ tags: ['a'] })
      .send(letter)

    expect(server.sessions).toBe(1)
    expect(isMailer(mailer.with({}))).toBe(true)
  })
})

test('a program that made many mailers carries no more along its asynchronous context than with one', async () => {
  await using server = await ScriptedServer.open()
  // Node 20 keeps what a context carries under symbols of each resource: one for each storage that was ever run.
  const carried = async (): Promise<number> => {
    await turn()
    return new AsyncResource('probe').runInAsyncScope(
      () => Object.getOwnPropertySymbols(executionAsyncResource()).length,
    )
  }
  const sendByAnother = async (pool: boolean): Promise<void> => {
    await using mailer = createMailer({ ...server.config, pool })
    await mailer.send(letter)
  }

  await sendByAnother(false)
  const one = await carried()
  for (let made = 0; made < 5; made += 1) await sendByAnother(made % 2 === 0)

  await expect(carried()).resolves.toBe(one)
})
