import { AsyncLocalStorage } from 'node:async_hooks'
import { withMailgunOptions } from '@mailgun-smtp/core'
import { createOutbox } from '@mailgun-smtp/core/testing'
import { createMailgunEmulator, type MailgunEmulator } from '@mailgun-smtp/emulator'
import type { Request, Response } from 'express'
import multer from 'multer'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { mailgun, type MailgunMiddleware, mailgunOptions } from '../src/index.ts'
import { majors, newest, serve, versions } from './app/serve.ts'

let emulator: MailgunEmulator
let mail: MailgunMiddleware

beforeAll(async () => {
  emulator = await createMailgunEmulator({ httpPort: false })
  mail = mailgun(emulator.transport, {
    defaults: { tags: ['default'], track: true, variables: { layer: 'default' } },
  })
})
afterAll(async () => {
  await mail.close()
  await emulator.close()
})
beforeEach(() => emulator.reset())

const message = {
  from: 'shop@mg.example.com',
  to: 'ada@example.net',
  subject: 'Your order',
  text: 'Thank you.',
}
const send = async (_req: Request, res: Response) => {
  res.json(await res.mail(message))
}
const sentOptions = () => emulator.submissions.map(({ options }) => options)

// What runs inside has the context of this module, as behind a parser or pool that loses the request's.
const outside = AsyncLocalStorage.snapshot()
const loseContext = (_req: unknown, _res: unknown, next: () => void) => outside(next)

describe.each(versions)('mailgunOptions() in $version', ({ express }) => {
  test('merges app, router, route and message in this order', async () => {
    const app = express()
    app.use(mail, mailgunOptions({ tags: ['app'], trackOpens: true, variables: { layer: 'app' } }))
    const router = express.Router()
    router.use(mailgunOptions({ tags: ['router'], trackOpens: false }))
    router.get(
      '/orders',
      mailgunOptions({ tags: ['route'], variables: { layer: 'route', route: 'orders' } }),
      async (_req: Request, res: Response) => {
        res.json(await res.mail({ ...message, mailgun: { variables: { layer: 'message' } } }))
      },
    )
    app.use(router)
    await using server = await serve(app)

    await fetch(`${server.url}/orders`)

    expect(sentOptions()).toEqual([
      {
        tags: ['default', 'app', 'router', 'route'],
        track: true,
        trackOpens: false,
        variables: { layer: 'message', route: 'orders' },
      },
    ])
  })

  test('reaches only the routes below it', async () => {
    const app = express()
    app.use(mail)
    app.get('/above', send)
    app.get('/beside', mailgunOptions({ tags: ['beside'] }), send)
    app.get('/below', send)
    await using server = await serve(app)

    await fetch(`${server.url}/above`)
    await fetch(`${server.url}/beside`)
    await fetch(`${server.url}/below`)

    expect(sentOptions().map(({ tags }) => tags)).toEqual([
      ['default'],
      ['default', 'beside'],
      ['default'],
    ])
  })

  test('clears what the layers under it set with null', async () => {
    const app = express()
    app.use(mail, mailgunOptions({ tags: ['app'] }))
    app.get('/kept', mailgunOptions({ tags: null }), mailgunOptions({ track: null }), send)
    app.get('/lost', mailgunOptions({ tags: null, track: null }), loseContext, send)
    await using server = await serve(app)

    await fetch(`${server.url}/kept`)
    await fetch(`${server.url}/lost`)

    const left = { variables: { layer: 'default' } }
    expect(sentOptions()).toEqual([left, left])
  })

  test('takes a function of the request', async () => {
    const app = express()
    app.use(mail)
    app.get(
      '/orders/:id',
      mailgunOptions((req: Request<{ id: string }>) => ({ variables: { order: req.params.id } })),
      send,
    )
    await using server = await serve(app)

    await fetch(`${server.url}/orders/17`)

    expect(sentOptions()).toMatchObject([{ variables: { layer: 'default', order: '17' } }])
  })

  test('reaches mail that a service sends without the response', async () => {
    const app = express()
    app.use(mail)
    app.get('/', mailgunOptions({ tags: ['route'] }), async (_req, res) => {
      res.json(await mail.mailer.send(message))
    })
    await using server = await serve(app)

    await fetch(server.url)

    expect(sentOptions()).toMatchObject([{ tags: ['default', 'route'] }])
  })

  test('works before mailgun(), and behind a body parser', async () => {
    const app = express()
    app.use(mailgunOptions({ tags: ['app'] }), express.json(), mail)
    app.post(
      '/',
      mailgunOptions({ trackOpens: true }),
      express.urlencoded({ extended: false }),
      send,
    )
    await using server = await serve(app)

    await fetch(server.url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '{}',
    })

    expect(sentOptions()).toMatchObject([{ tags: ['default', 'app'], trackOpens: true }])
  })

  test('survives the loss of the asynchronous context, and restores it for services further on', async () => {
    const app = express()
    app.use(mail, mailgunOptions({ tags: ['app'] }), loseContext)
    app.get('/response', send)
    app.get('/service', mailgunOptions({ tags: ['route'] }), async (_req, res) => {
      res.json(await mail.mailer.send(message))
    })
    await using server = await serve(app)

    await fetch(`${server.url}/response`)
    await fetch(`${server.url}/service`)

    expect(sentOptions().map(({ tags }) => tags)).toEqual([
      ['default', 'app'],
      ['default', 'app', 'route'],
    ])
  })

  test('lies under a scope that the handler opens, with the context and without', async () => {
    const app = express()
    app.use(mail, mailgunOptions({ track: false, trackOpens: false }))
    const sendTracked = (_req: Request, res: Response) =>
      withMailgunOptions({ track: true }, async () => {
        res.json(await res.mail(message))
      })
    app.get('/kept', sendTracked)
    app.get('/lost', loseContext, sendTracked)
    await using server = await serve(app)

    await fetch(`${server.url}/kept`)
    await fetch(`${server.url}/lost`)

    expect(sentOptions()).toMatchObject([
      { track: true, trackOpens: false },
      { track: true, trackOpens: false },
    ])
  })

  test('lies over a scope that another middleware opened before it', async () => {
    const app = express()
    app.use(mail, mailgunOptions({ track: false, trackOpens: false }))
    app.use((_req, _res, next) => withMailgunOptions({ track: true, trackOpens: true }, next))
    app.get('/', mailgunOptions({ trackOpens: false }), send)
    await using server = await serve(app)

    await fetch(server.url)

    expect(sentOptions()).toMatchObject([{ track: true, trackOpens: false }])
  })

  test('is cleared by a scope that the handler opens, without the context too', async () => {
    const app = express()
    app.use(mail, mailgunOptions({ tags: ['app'] }))
    const sendUntagged = (_req: Request, res: Response) =>
      withMailgunOptions({ tags: null, track: null }, async () => {
        res.json(await res.mail(message))
      })
    app.get('/kept', sendUntagged)
    app.get('/lost', loseContext, sendUntagged)
    await using server = await serve(app)

    await fetch(`${server.url}/kept`)
    await fetch(`${server.url}/lost`)

    const left = { variables: { layer: 'default' } }
    expect(sentOptions()).toEqual([left, left])
  })

  test('is whole where a request goes on in a context of its own from before', async () => {
    const contexts = new WeakMap<Response, (next: () => void) => void>()
    const app = express()
    app.use(mail, mailgunOptions({ tags: ['app'] }), (_req, res, next) => {
      contexts.set(res, AsyncLocalStorage.snapshot())
      next()
    })
    const goBack = (_req: Request, res: Response, next: () => void) => contexts.get(res)?.(next)
    app.use(mailgunOptions({ trackOpens: true }))
    app.get('/response', goBack, send)
    app.get('/scope', goBack, (_req, res) =>
      withMailgunOptions({ trackOpens: false }, async () => {
        res.json(await res.mail(message))
      }),
    )
    app.get('/service', goBack, mailgunOptions({ tags: ['route'] }), async (_req, res) => {
      res.json(await mail.mailer.send(message))
    })
    await using server = await serve(app)

    for (const path of ['/response', '/scope', '/service']) await fetch(server.url + path)

    expect(sentOptions()).toMatchObject([
      { tags: ['default', 'app'], trackOpens: true },
      { tags: ['default', 'app'], trackOpens: false },
      { tags: ['default', 'app', 'route'], trackOpens: true },
    ])
  })

  test('keeps the scope that lies around the whole app, in the context of another request too', async () => {
    let resume: ((fn: () => void) => void) | undefined
    const app = express()
    app.use((_req, _res, next) => withMailgunOptions({ requireTls: true }, next))
    app.use(mail)
    app.get('/first', mailgunOptions({ tags: ['first'] }), (_req, res) => {
      resume = AsyncLocalStorage.snapshot()
      res.end()
    })
    app.get('/second', (_req, _res, next) => resume?.(next), mailgunOptions({ dkim: true }), send)
    await using server = await serve(app)

    await fetch(`${server.url}/first`)
    await fetch(`${server.url}/second`)

    expect(sentOptions()).toMatchObject([{ tags: ['default'], requireTls: true, dkim: true }])
  })

  test('gives no request the options of another in whose context it resumes', async () => {
    let resume: ((fn: () => void) => void) | undefined
    const app = express()
    app.use(mail)
    app.get('/first', mailgunOptions({ variables: { user: 'first' } }), (_req, res) => {
      resume = AsyncLocalStorage.snapshot()
      res.end()
    })
    const resumeInFirst = (_req: unknown, _res: unknown, next: () => void) => resume?.(next)
    app.get('/plain', resumeInFirst, send)
    app.get('/own', mailgunOptions({ tags: ['own'] }), resumeInFirst, send)
    app.get('/later', resumeInFirst, mailgunOptions({ tags: ['later'] }), send)
    await using server = await serve(app)

    for (const path of ['/first', '/plain', '/own', '/later']) await fetch(server.url + path)

    const others = { track: true, variables: { layer: 'default' } }
    expect(sentOptions()).toEqual([
      { ...others, tags: ['default'] },
      { ...others, tags: ['default', 'own'] },
      { ...others, tags: ['default', 'later'] },
    ])
  })
})

describe.each(majors)('1,000 interleaved requests in $version', ({ express }) => {
  /** The order in which things stand on the way of a request. */
  const orders = {
    'options before the parser': ['options', 'parser', 'mailgun'],
    'options after the parser': ['parser', 'options', 'mailgun'],
    'options after mailgun()': ['mailgun', 'options', 'parser'],
    'mailgun() first, options last': ['mailgun', 'parser', 'options'],
  } as const
  /** Parsers that keep the asynchronous context, and some that lose it or resume in that of another request. */
  const parsers = ['json', 'form', 'file', 'lost', 'mixed'] as const

  // Three thousand mails: the work is much, on a busy machine more than the usual half minute.
  test('give each mail exactly its own options', { timeout: 120_000 }, async () => {
    const outbox = createOutbox()
    await using own = mailgun(outbox.transporter)
    const waiting: (() => void)[] = []
    const middleware = {
      mailgun: own,
      options: mailgunOptions((req) => ({ variables: { app: Number(req.headers['x-id']) } })),
    }
    const parse = {
      json: express.json(),
      form: express.urlencoded({ extended: false }),
      file: multer().any(),
      lost: loseContext,
      // Pairs of requests go on in the context of the other.
      mixed(_req: unknown, _res: unknown, next: () => void) {
        waiting.push(next)
        if (waiting.length === 2) for (const resume of waiting.splice(0)) resume()
      },
    }
    const app = express()
    for (const [place, order] of Object.values(orders).entries()) {
      for (const parser of parsers) {
        const router = express.Router()
        router.use((req: Request, _res: Response, next: () => void) => {
          req.headers['x-id'] = new URL(req.originalUrl, 'http://x').searchParams.get('id') ?? ''
          next()
        })
        for (const name of order) router.use(name === 'parser' ? parse[parser] : middleware[name])
        router.use(
          mailgunOptions((req) => ({ variables: { router: Number(req.headers['x-id']) } })),
        )
        router.post(
          '/:id',
          mailgunOptions((req: Request<{ id: string }>) => ({
            variables: { route: Number(req.params.id) },
          })),
          async (req: Request, res: Response) => {
            const mark = { mailgun: { tags: [`m${String(req.params['id'])}`] } }
            // As a service does, in another module, that knows nothing of the request.
            await Promise.all([
              res.mail({ ...message, ...mark, subject: 'response' }),
              own.mailer.send({ ...message, ...mark, subject: 'service' }),
            ])
            res.mail.later({ ...message, ...mark, subject: 'later' })
            res.end()
          },
        )
        app.use(`/${place}/${parser}`, router)
      }
    }
    await using server = await serve(app)
    const bodies = {
      json: () => ({ headers: { 'content-type': 'application/json' }, body: '{"a":1}' }),
      form: () => ({ body: new URLSearchParams({ a: '1' }) }),
      file: () => {
        const body = new FormData()
        body.set('file', new Blob(['x'.repeat(100_000)]), 'a.txt')
        return { body }
      },
      lost: () => ({ body: 'x' }),
      mixed: () => ({ body: 'x' }),
    }
    const send = (id: number) => {
      const parser = parsers[id % parsers.length] ?? 'json'
      const place = Math.floor(id / parsers.length) % Object.keys(orders).length
      return fetch(`${server.url}/${place}/${parser}/${id}?id=${id}`, {
        method: 'POST',
        ...bodies[parser](),
      })
    }

    // A hundred at once: more connections than a server's backlog takes are reset by the kernel.
    const statuses: number[] = []
    const ids = Array.from({ length: 1000 }, (_, id) => id).values()
    const lane = async () => {
      for (const id of ids) statuses.push((await send(id)).status)
    }
    await Promise.all(Array.from({ length: 100 }, lane))
    await own.idle()

    expect(statuses).toEqual(Array.from({ length: 1000 }, () => 200))
    expect(outbox.messages).toHaveLength(3000)
    for (const { subject, options } of outbox.messages) {
      const id = Number(options.tags?.[0]?.slice(1))
      expect({ subject, options }).toEqual({
        subject,
        options: { tags: [`m${id}`], variables: { app: id, router: id, route: id } },
      })
    }
  })
})

test('refuses an async function, whose options would be missing without a word', async () => {
  const { express } = newest
  const app = express()
  app.use(mail, mailgunOptions((async () => ({ tags: ['a'] })) as never))
  app.use((error: Error, _req: Request, res: Response, _next: unknown) => {
    res.status(500).send(`${error.name}: ${error.message}`)
  })
  await using server = await serve(app)

  expect(await (await fetch(server.url)).text()).toMatch(/^ConfigError: .*async function/)
})

test('refuses options that no mail could carry when the route is made', () => {
  expect(() => mailgunOptions({ tag: 'order' } as never)).toThrow(
    expect.objectContaining({ code: 'ERR_MAILGUN_UNKNOWN_OPTION', path: 'tag' }),
  )
  expect(() => mailgunOptions({ deliverBy: 'tomorrow' })).toThrow(
    expect.objectContaining({ name: 'InvalidOptionError', path: 'deliverBy' }),
  )
})
