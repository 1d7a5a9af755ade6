import { once } from 'node:events'
import { createServer, request } from 'node:http'
import { inspect } from 'node:util'
import { createMailer, withMailgunOptions } from '@mailgun-smtp/core'
import { createOutbox } from '@mailgun-smtp/core/testing'
import { createMailgunEmulator, type MailgunEmulator } from '@mailgun-smtp/emulator'
import type { Response } from 'express'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { mailgun, mailgunOptions, type OnError } from '../src/index.ts'
import { newest, serve, versions } from './app/serve.ts'

let emulator: MailgunEmulator

beforeEach(async () => {
  emulator = await createMailgunEmulator({ httpPort: false })
})
afterEach(async () => {
  await emulator.close()
  vi.restoreAllMocks()
})

const message = {
  from: 'shop@mg.example.com',
  to: 'ada@example.net',
  subject: 'Your order',
  text: 'Thank you.',
}

/** What `onError` was told, in order. */
function listen() {
  const told: { error: unknown; subject: unknown; path: string | undefined }[] = []
  const onError: OnError = (error, { req, message: failed }) => {
    told.push({ error, subject: failed?.subject, path: req.url })
  }
  return { told, onError }
}

describe.each(versions)('res.mail.later in $version', ({ express }) => {
  const serveMail = (mail: ReturnType<typeof mailgun>, handle: (res: Response) => void) => {
    const app = express()
    app.use(mail)
    app.get('/', (_req, res) => handle(res))
    return serve(app)
  }

  test('answers the client while the server has not taken the mail', async () => {
    const { told, onError } = listen()
    const mail = mailgun({ ...emulator.transport, retry: false }, { onError })
    emulator.faults.always({ at: 'greeting', stall: true })
    await using server = await serveMail(mail, (res) => {
      res.mail.later(message)
      res.send('answered')
    })

    const answer = await (await fetch(server.url)).text()

    expect(answer).toBe('answered')
    expect(emulator.submissions).toEqual([])
    await mail.close({ within: 20 })
    expect(told).toMatchObject([{ error: { code: 'ERR_MAILGUN_SHUTDOWN' }, subject: 'Your order' }])
  })

  test('sends only when the response has ended', async () => {
    await using mail = mailgun(emulator.transport)
    const make = vi.fn<() => typeof message>(() => message)
    await using server = await serveMail(mail, (res) => {
      res.mail.later(make)
      res.write('begun, ')
      setImmediate(() => res.end(`made before the end: ${make.mock.calls.length}`))
    })

    const answer = await (await fetch(server.url)).text()

    expect(answer).toBe('begun, made before the end: 0')
    await mail.idle()
    expect(make).toHaveBeenCalledOnce()
    expect(emulator.submissions).toHaveLength(1)
  })

  test('asks `when` once the response has ended, and sends nothing if it says no', async () => {
    await using mail = mailgun(emulator.transport)
    await using server = await serveMail(mail, (res) => {
      res.mail.later(message, { when: ({ statusCode }) => statusCode < 400 })
      res.status(500).end()
    })

    await fetch(server.url)
    await mail.idle()

    expect(emulator.submissions).toEqual([])
  })

  test('sends although the client hung up before the answer', async () => {
    await using mail = mailgun(emulator.transport)
    const arrived = deferred()
    await using server = await serveMail(mail, (res) => {
      res.mail.later(message)
      res.once('close', () => res.mail.later({ ...message, subject: 'Asked for afterwards' }))
      arrived.resolve()
    })

    const client = request(server.url).on('error', () => {})
    client.end()
    await arrived.promise
    client.destroy()

    const sent = ['Your order', 'Asked for afterwards']
    const mails = await Promise.all(sent.map((subject) => emulator.waitFor({ subject })))
    expect(mails.map(({ subject }) => subject)).toEqual(sent)
  })

  test('reports a refused recipient to onError only', async () => {
    const { told, onError } = listen()
    const unhandled = vi.fn<(error: unknown) => void>()
    process.once('unhandledRejection', unhandled)
    await using mail = mailgun({ ...emulator.transport, retry: false }, { onError })
    emulator.faults.always({ at: 'rcpt', reply: [550, 'No such user'] })
    await using server = await serveMail(mail, (res) => {
      res.mail.later(message)
      res.sendStatus(202)
    })

    const { status } = await fetch(server.url)
    await mail.idle()
    // Node tells of unhandled rejections once the microtasks have run.
    await new Promise(setImmediate)
    process.off('unhandledRejection', unhandled)

    expect(status).toBe(202)
    expect(unhandled).not.toHaveBeenCalled()
    expect(told).toMatchObject([
      { error: { name: 'DeliveryError', outcome: 'rejected' }, subject: 'Your order', path: '/' },
    ])
  })

  test('tells what a message, a condition or a name without mailer throws to onError', async () => {
    const { told, onError } = listen()
    await using mail = mailgun(emulator.transport, { onError })
    const fail = (text: string) => () => {
      throw new Error(text)
    }
    await using server = await serveMail(mail, (res) => {
      res.mail.later(fail('message'))
      res.mail.later(() => Promise.reject(new Error('promised message')))
      res.mail.later(message, { when: fail('condition') })
      res.mail.later({ ...message, to: 'no address' })
      res.mail.via('news').later(message)
      res.sendStatus(202)
    })

    const { status } = await fetch(server.url)
    await mail.idle()

    expect(status).toBe(202)
    expect(told.map(({ error }) => (error as Error).message)).toEqual(
      expect.arrayContaining([
        'message',
        'promised message',
        'condition',
        expect.stringContaining('to must be'),
        expect.stringContaining("has the name 'news'"),
      ]),
    )
    expect(told).toHaveLength(5)
  })

  test('keeps 10,000 at once within its bound, and says so of each that it refuses', async () => {
    const { told, onError } = listen()
    const outbox = createOutbox()
    await using mail = mailgun(outbox.transporter, { onError })
    await using server = await serveMail(mail, (res) => {
      for (let count = 0; count < 10_000; count += 1) res.mail.later(message)
      res.end()
    })

    await fetch(server.url)
    await mail.idle()

    expect(outbox.messages).toHaveLength(1000)
    expect(told).toHaveLength(9000)
    expect(new Set(told.map(({ error }) => Reflect.get(Object(error), 'code')))).toEqual(
      new Set(['ERR_MAILGUN_QUEUE_FULL']),
    )
    expect(told[0]).toMatchObject({ error: { outcome: 'deferred', retryable: true } })
  })

  test('has the options of the request and of the scope it was called in', async () => {
    await using mail = mailgun(emulator.transport, {
      defaults: (req) => ({ variables: { path: req.url ?? '' } }),
    })
    const app = express()
    app.use(mail, mailgunOptions({ tags: ['app'] }))
    app.get('/orders', mailgunOptions({ tags: ['route'] }), (_req, res) => {
      withMailgunOptions({ tags: ['handler'] }, () => res.mail.later(message))
      res.end()
    })
    await using server = await serve(app)

    await fetch(`${server.url}/orders`)
    await mail.idle()

    expect(emulator.submissions.map(({ options }) => options)).toEqual([
      { tags: ['app', 'route', 'handler'], variables: { path: '/orders' } },
    ])
  })

  test('sends a view, made when it is needed', async () => {
    await using mail = mailgun(emulator.transport)
    const app = express()
    app.set('views', import.meta.dirname)
    // Any file will do: this engine does not read it.
    app.engine('ts', (_path, locals, done) => {
      done(null, `<p>Hello ${String(Reflect.get(locals, 'name'))}</p>`)
    })
    app.use(mail)
    app.get('/', (_req, res) => {
      res.mail.later(async () => ({
        ...message,
        ...(await mail.renderMail(res, 'app/serve.ts', { name: 'Ada' })),
      }))
      res.end()
    })
    await using server = await serve(app)

    await fetch(server.url)

    const { html, text } = await (await emulator.waitFor({ to: 'ada@example.net' })).load()
    expect([html?.trim(), text?.trim()]).toEqual(['<p>Hello Ada</p>', 'Hello Ada'])
  })
})

describe('onError', () => {
  const { express } = newest
  const serveRefused = (mail: ReturnType<typeof mailgun>) => {
    emulator.faults.always({ at: 'rcpt', reply: [550, 'No such user ada@example.net'] })
    const app = express()
    app.use(mail)
    app.get('/', (_req, res) => {
      res.mail.later(message)
      res.end()
    })
    return serve(app)
  }

  test('is console.error by default, which shows neither the recipient nor the body', async () => {
    const written = vi.spyOn(console, 'error').mockReturnValue()
    await using mail = mailgun({ ...emulator.transport, retry: false })
    await using server = await serveRefused(mail)

    await fetch(server.url)
    await mail.idle()

    expect(written).toHaveBeenCalledOnce()
    const text = inspect(written.mock.calls, { depth: 9 })
    expect(text).toContain('ERR_MAILGUN_RECIPIENT')
    expect(text).not.toMatch(/ada@|Thank you/)
  })

  test.each([
    {
      way: 'throws',
      onError: () => {
        throw new Error('ada@example.net')
      },
    },
    { way: 'rejects', onError: () => Promise.reject(new Error('ada@example.net')) },
  ])('that $way is a warning of the process, without what it said', async ({ onError }) => {
    const warned = vi.spyOn(process, 'emitWarning').mockReturnValue()
    await using mail = mailgun({ ...emulator.transport, retry: false }, { onError })
    await using server = await serveRefused(mail)

    await fetch(server.url)
    await mail.idle()

    expect(warned.mock.calls).toEqual([
      ['onError failed for a mail. Error', 'MailgunObserverWarning'],
    ])
  })
})

describe('close()', () => {
  const { express } = newest

  test('waits for the mails of answered requests, and takes no more', async () => {
    const { told, onError } = listen()
    const mail = mailgun(emulator.transport, { onError })
    const made = deferred()
    const app = express()
    app.use(mail)
    app.get('/', (_req, res) => {
      res.mail.later(() => made.promise.then(() => message))
      res.end()
    })
    app.get('/closed', async (_req, res) => {
      res.mail.later(message)
      res.json(await res.mail(message).catch(({ code }: { code: string }) => ({ code })))
    })
    await using server = await serve(app)
    await fetch(server.url)

    const closing = mail.close()
    const late = await fetch(`${server.url}/closed`)
    made.resolve()
    await closing

    expect(await late.json()).toEqual({ code: 'ERR_MAILGUN_CLOSED' })
    expect(told).toMatchObject([{ error: { code: 'ERR_MAILGUN_CLOSED' }, path: '/closed' }])
    expect(emulator.submissions).toHaveLength(1)
  })

  test('refuses, after its time, the mail whose response never ends', async () => {
    const { told, onError } = listen()
    const mail = mailgun(emulator.transport, { onError })
    const app = express()
    app.use(mail)
    app.get('/', (_req, res) => {
      res.mail.later(message)
      res.flushHeaders()
    })
    await using server = await serve(app)
    await fetch(server.url)

    await mail.close({ within: 5 })

    expect(told).toMatchObject([
      { error: { code: 'ERR_MAILGUN_SHUTDOWN', outcome: 'deferred' }, subject: 'Your order' },
    ])
    expect(emulator.submissions).toEqual([])
  })

  test('refuses res.mail of a ready mailer too, and leaves that one open', async () => {
    await using shared = createMailer(emulator.transport)
    const mail = mailgun(shared)
    const app = express()
    app.use(mail)
    app.get('/', async (_req, res) => {
      res.json(await res.mail(message).catch(({ code }: { code: string }) => ({ code })))
    })
    await using server = await serve(app)

    await mail.close()

    expect(await (await fetch(server.url)).json()).toEqual({ code: 'ERR_MAILGUN_CLOSED' })
    expect(await shared.send(message)).toMatchObject({ accepted: ['ada@example.net'] })
  })

  test('happens when the last attached server has closed', async () => {
    const mail = mailgun(emulator.transport)
    const app = express()
    app.use(mail)
    app.get('/', (_req, res) => {
      res.mail.later(message)
      res.end()
    })
    const listen = async () => {
      const server = createServer(app).listen(0, '127.0.0.1')
      await once(server, 'listening')
      expect(mail.attach(server)).toBe(server)
      return server
    }
    const first = await listen()
    const last = await listen()

    await new Promise((resolve) => first.close(resolve))
    const stillOpen = await mail.mailer.send(message)
    await new Promise((resolve) => last.close(resolve))

    expect(stillOpen.accepted).toEqual(['ada@example.net'])
    const send = () => mail.mailer.send(message).catch(({ code }: { code: string }) => code)
    await expect.poll(send).toBe('ERR_MAILGUN_CLOSED')
  })
})

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => {}
  const promise = new Promise<void>((done) => {
    resolve = done
  })
  return { promise, resolve }
}
