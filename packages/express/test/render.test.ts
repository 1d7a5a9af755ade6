import { readFile } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { createMailgunEmulator, type MailgunEmulator } from '@mailgun-smtp/emulator'
import type { Application, Request, Response } from 'express'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type ConfigError, mailgun, type MailgunMiddleware } from '../src/index.ts'
import { serve, versions } from './app/serve.ts'

let emulator: MailgunEmulator
let mail: MailgunMiddleware

beforeAll(async () => {
  emulator = await createMailgunEmulator({ httpPort: false })
  mail = mailgun(emulator.transport)
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
const views = fileURLToPath(new URL('views', import.meta.url))

/** A view engine of one line: `{name}` stands for a local. Like real ones, it wraps a view in the layout it is told. */
function useViews(app: Application, folder: string): void {
  const fill = (source: string, locals: object) =>
    source.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(Reflect.get(locals, name)))
  const render = (path: string, locals: object, done: (error: unknown, html?: string) => void) => {
    readFile(path, 'utf8', (error, source) => {
      if (error) return done(error)
      const html = fill(source, locals)
      return done(null, Reflect.get(locals, 'layout') === false ? html : `<nav>${html}</nav>`)
    })
  }
  app.engine('html', render)
  app.set('views', folder)
  app.set('view engine', 'html')
}

const sendReceipt = async (_req: Request, res: Response) => {
  res.locals.greeting = 'Hello'
  res.json(await res.mail.render('receipt', { name: 'Ada' }, message))
}

async function sentHtml(): Promise<string | undefined> {
  const { html } = await (await emulator.waitFor({ to: 'ada@example.net' })).load()
  return html?.trim()
}

describe.each(versions)('res.mail.render in $version', ({ express }) => {
  test("fills the app's view with app.locals, res.locals and its own", async () => {
    const app = express()
    useViews(app, views)
    app.locals.shop = 'Shop'
    app.use(mail)
    app.get('/', sendReceipt)
    await using server = await serve(app)

    const response = await fetch(server.url)

    expect(response.headers.get('content-type')).toContain('application/json')
    expect(await sentHtml()).toBe('<p>Hello Ada, from Shop</p>')
  })

  test('leaves the layout of the web pages off, unless one is named', async () => {
    const app = express()
    useViews(app, views)
    app.locals.shop = 'Shop'
    app.locals.layout = 'page'
    app.use(mail)
    app.get('/', async (_req, res) => {
      const locals = { greeting: 'Hello', name: 'Ada', layout: 'mail' }
      res.json(await res.mail.render('receipt', locals, message))
    })
    await using server = await serve(app)

    await fetch(server.url)

    expect(await sentHtml()).toBe('<nav><p>Hello Ada, from Shop</p>\n</nav>')
  })

  test('renders with the views of the mounted app that serves the request', async () => {
    const app = express()
    useViews(app, views)
    const mounted = express()
    useViews(mounted, `${views}/mounted`)
    mounted.get('/', sendReceipt)
    app.use(mail)
    app.use('/mounted', mounted)
    await using server = await serve(app)

    await fetch(`${server.url}/mounted`)

    expect(await sentHtml()).toBe('<p>Mounted: Ada</p>')
  })

  test('rejects a view that does not exist, and sends nothing', async () => {
    const app = express()
    useViews(app, views)
    app.use(mail)
    app.get('/', async (_req, res, next) => {
      try {
        res.json(await res.mail.render('missing', {}, message))
      } catch (error) {
        next(error)
      }
    })
    app.use((error: Error, _req: Request, res: Response, _next: unknown) => {
      res.status(500).send(error.message)
    })
    await using server = await serve(app)

    const answer = await (await fetch(server.url)).text()

    expect(answer).toContain('missing')
    expect(emulator.submissions).toEqual([])
  })

  test('says that the app has no view engine', async () => {
    const app = express()
    app.use(mail)
    app.get('/', (_req, res) => {
      res.mail.render('receipt', {}, message).catch((error: ConfigError) => {
        res.send(`${error.code}: ${error.message}`)
      })
    })
    await using server = await serve(app)

    const answer = await (await fetch(server.url)).text()

    expect(answer).toMatch(/^ERR_MAILGUN_VIEW_ENGINE: .*view engine/)
  })
})
