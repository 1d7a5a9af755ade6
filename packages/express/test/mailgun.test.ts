import { createMailgunEmulator, type MailgunEmulator } from '@mailgun-smtp/emulator'
import { createMailer, isMailer } from '@mailgun-smtp/core'
import type { NextFunction, Request, Response } from 'express'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { type ConfigError, mailgun, mailgunOptions } from '../src/index.ts'
import { newest, serve, versions } from './app/serve.ts'

let emulator: MailgunEmulator

beforeAll(async () => {
  emulator = await createMailgunEmulator({ httpPort: false })
})
afterAll(() => emulator.close())
beforeEach(() => emulator.reset())

const message = {
  from: 'Shop <shop@mg.example.com>',
  to: 'ada@example.net',
  subject: 'Your order',
  text: 'Thank you.',
}

describe.each(versions)('mailgun() in $version', ({ express }) => {
  test('sends a mail and resolves to the receipt', async () => {
    await using mail = mailgun(emulator.transport)
    const app = express()
    app.use(mail)
    app.post('/', async (_req, res) => {
      res.json(await res.mail({ ...message, mailgun: { tags: ['order'] } }))
    })
    await using server = await serve(app)

    const response = await fetch(server.url, { method: 'POST' })

    const copy = await emulator.waitFor({ to: 'ada@example.net' })
    expect(await response.json()).toMatchObject({
      messageId: copy.submission.messageId,
      accepted: ['ada@example.net'],
    })
    expect(copy.submission.options).toEqual({ tags: ['order'] })
  })

  test('serves a router and a mounted app', async () => {
    await using mail = mailgun(emulator.transport)
    const send = async (_req: Request, res: Response) => {
      res.json(await res.mail(message))
    }
    const app = express()
    app.use(mail)
    app.use('/router', express.Router().get('/', send))
    app.use('/app', express().get('/', send))
    await using server = await serve(app)

    const answers = await Promise.all([fetch(`${server.url}/router`), fetch(`${server.url}/app`)])

    expect(answers.map(({ status }) => status)).toEqual([200, 200])
    expect(emulator.submissions).toHaveLength(2)
  })

  test('gives a second mailer by its name, and the first by default', async () => {
    await using mail = mailgun(emulator.transport, { defaults: { tags: ['shop'] } })
    await using news = mailgun(emulator.transport, { name: 'news', defaults: { tags: ['news'] } })
    const app = express()
    app.use(news, mail)
    app.get('/', async (_req, res) => {
      await res.mail.via('news')(message)
      await res.mail(message)
      res.end()
    })
    await using server = await serve(app)

    await fetch(server.url)

    expect(emulator.submissions.map(({ options }) => options.tags)).toEqual([['news'], ['shop']])
  })

  test('rejects a name that is not registered, and says which there are', async () => {
    await using mail = mailgun(emulator.transport)
    const app = express()
    app.use(mail)
    app.get('/', async (_req, res) => {
      res.json(await errorOf(res.mail.via('news')(message)))
    })
    await using server = await serve(app)

    const answer = await (await fetch(server.url)).json()

    expect(answer).toMatchObject({ name: 'ConfigError', code: 'ERR_MAILGUN_UNKNOWN_MAILER' })
    expect(answer).toHaveProperty('message', expect.stringMatching(/'news'.*there is 'default'/))
  })

  test('refuses two middlewares under one name, and takes one that is in use twice', async () => {
    await using mail = mailgun(emulator.transport)
    await using other = mailgun(emulator.transport)
    const app = express()
    app.use(mail)
    app.get('/same', mail, (_req, res) => {
      res.end()
    })
    app.get('/other', other, (_req, res) => {
      res.end()
    })
    app.use((error: ConfigError, _req: Request, res: Response, _next: NextFunction) => {
      const { name, code, message: text } = error
      res.status(500).json({ name, code, message: text })
    })
    await using server = await serve(app)

    const same = await fetch(`${server.url}/same`)
    const twice = await fetch(`${server.url}/other`)

    expect(same.status).toBe(200)
    expect(await twice.json()).toEqual({
      name: 'ConfigError',
      code: 'ERR_MAILGUN_DUPLICATE_MAILER',
      message: "Two mailgun() middlewares have the name 'default': give one of them { name }.",
    })
  })

  test('takes defaults from the request for services too, alone and under the options of a route', async () => {
    await using mail = mailgun<Request>(emulator.transport, {
      defaults: (req) => ({ tags: ['default'], variables: { path: req.path } }),
    })
    // It knows nothing of the request.
    const service = async () => await mail.mailer.with({ track: false }).send(message)
    const app = express()
    app.use(mail)
    app.get('/plain', async (_req, res) => void res.json(await service()))
    app.get('/route', mailgunOptions({ tags: ['route'] }), async (_req, res) => {
      const { to, ...letter } = message
      res.json([await service(), await mail.mailer.sendBatch(letter, [{ to }])])
    })
    await using server = await serve(app)

    await fetch(`${server.url}/plain`)
    await fetch(`${server.url}/route`)
    await mail.mailer.send(message)

    expect(emulator.submissions.map(({ options }) => options)).toMatchObject([
      { tags: ['default'], variables: { path: '/plain' }, track: false },
      { tags: ['default', 'route'], variables: { path: '/route' }, track: false },
      { tags: ['default', 'route'], variables: { path: '/route' } },
      {},
    ])
    expect(emulator.submissions[3]?.options).toEqual({})
  })

  test('keeps the defaults of two requests at once apart, and of two mailers', async () => {
    const by = (name: string) => (req: Request) => ({ variables: { [name]: req.path } })
    await using mail = mailgun<Request>(emulator.transport, { defaults: by('first') })
    await using news = mailgun<Request>(emulator.transport, {
      name: 'news',
      defaults: by('second'),
    })
    const app = express()
    app.use(mail, news)
    app.get('/:id', async (_req, res) => {
      await new Promise((resolve) => setImmediate(resolve))
      res.json([await mail.mailer.send(message), await news.mailer.send(message)])
    })
    await using server = await serve(app)

    await Promise.all(['/1', '/2', '/3'].map((path) => fetch(server.url + path)))

    const variables = emulator.submissions.map(({ options }) => JSON.stringify(options.variables))
    expect(variables.toSorted()).toEqual(
      ['first', 'second'].flatMap((name) =>
        ['/1', '/2', '/3'].map((path) => JSON.stringify({ [name]: path })),
      ),
    )
  })

  test('refuses defaults that are a promise', async () => {
    const defaults = () => Promise.resolve({ tags: ['late'] }) as never
    await using mail = mailgun(emulator.transport, { defaults })
    const app = express()
    app.use(mail)
    app.get('/', async (_req, res) => {
      const ways = [() => res.mail(message), () => mail.mailer.send(message)]
      const errors = ways.map((way) => way().catch(({ message: said }: Error) => said))
      res.json(await Promise.all(errors))
    })
    await using server = await serve(app)

    const refusal = expect.stringContaining('takes no async function') as string
    expect(await (await fetch(server.url)).json()).toEqual([refusal, refusal])
    expect(emulator.submissions).toEqual([])
  })

  test('takes defaults from the request, for each mail', async () => {
    await using mail = mailgun(emulator.transport, {
      defaults: (req) => ({ variables: { path: req.url ?? '' } }),
    })
    const app = express()
    app.use(mail)
    app.get('/:page', async (_req, res) => {
      res.json(await res.mail(message))
    })
    await using server = await serve(app)

    await fetch(`${server.url}/a`)
    await fetch(`${server.url}/b`)

    expect(emulator.submissions.map(({ options }) => options.variables)).toEqual([
      { path: '/a' },
      { path: '/b' },
    ])
  })
})

test('closes the mailer it made, and leaves one that was handed in', async () => {
  const made = mailgun(emulator.transport)
  await using shared = createMailer(emulator.transport)
  const given = mailgun(shared)

  await made.close()
  await given.close()

  expect(isMailer(made.mailer)).toBe(true)
  expect(await errorOf(made.mailer.send(message))).toMatchObject({ name: 'ConfigError' })
  expect(await shared.send(message)).toMatchObject({ accepted: ['ada@example.net'] })
})

test.each(['environment', 'URL'])('takes settings beside the %s', async (place) => {
  const url = `${emulator.smtpUrl}?requireTLS=false`
  const settings = { defaults: { from: 'Desk <desk@mg.example.com>' } }
  if (place === 'environment') vi.stubEnv('MAILGUN_SMTP_URL', url)
  await using mail = mailgun(place === 'URL' ? { url, ...settings } : settings)
  const { from: _, ...unsigned } = message

  await mail.mailer.send(unsigned)
  vi.unstubAllEnvs()

  expect(emulator.submissions).toMatchObject([{ from: 'Desk <desk@mg.example.com>' }])
})

test('refuses a wrong config and impossible defaults at once', () => {
  expect(() => mailgun('mailgun+smtp://nonsense')).toThrow(
    expect.objectContaining({ name: 'ConfigError' }),
  )
  expect(() => mailgun(emulator.transport, { defaults: { tags: ['a\nb'] } })).toThrow(
    expect.objectContaining({ name: 'InvalidOptionError', path: 'tags[0]' }),
  )
})

test('says how to write it when it is used without a call', async () => {
  const { express } = newest
  const app = express()
  app.use(mailgun as never)
  app.use((error: Error, _req: Request, res: Response, _next: NextFunction) => {
    res.status(500).send(error.message)
  })
  await using server = await serve(app)

  expect(await (await fetch(server.url)).text()).toContain('app.use(mailgun())')
})

async function errorOf(sent: Promise<unknown>): Promise<unknown> {
  return await sent.then(
    () => 'sent',
    ({ name, code, message }: Error & { code?: string }) => ({ name, code, message }),
  )
}
