import { join } from 'node:path'
import { createMailgunEmulator, type MailgunEmulator } from '@mailgun-smtp/emulator'
import ejs from 'ejs'
import type { Application, NextFunction, Request, Response } from 'express'
import layouts from 'express-ejs-layouts'
import { engine as handlebars } from 'express-handlebars'
import pug from 'pug'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { mailgun, type MailgunMiddleware } from '../src/index.ts'
import { newest, serve, versions } from './app/serve.ts'

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

const logo = Buffer.from('GIF89a')
const message = {
  from: 'shop@mg.example.com',
  to: 'ada@example.net',
  subject: 'Your order',
  attachments: [{ filename: 'logo.gif', content: logo, cid: 'logo' }],
}

interface Engine {
  readonly engine: string
  readonly folder: string
  readonly use: (app: Application) => void
}

const useEjs = (app: Application) => {
  app.engine('ejs', ejs.__express)
  app.set('view engine', 'ejs')
}
const engines: readonly Engine[] = [
  { engine: 'EJS', folder: 'ejs', use: useEjs },
  {
    engine: 'EJS with express-ejs-layouts',
    folder: 'ejs',
    use: (app) => {
      useEjs(app)
      app.use(layouts)
    },
  },
  {
    engine: 'Handlebars, whose layout is main',
    folder: 'handlebars',
    use: (app) => {
      const render = handlebars()
      app.engine('handlebars', (path, locals, done) => void render(path, locals, done))
      app.set('view engine', 'handlebars')
    },
  },
  {
    engine: 'Pug',
    folder: 'pug',
    use: (app) => {
      app.engine('pug', pug.__express)
      app.set('view engine', 'pug')
    },
  },
]

describe.each(versions)('in $version', ({ express }) => {
  describe.each(engines)('res.mail.render with $engine', ({ folder, use }) => {
    const createApp = (): Application => {
      const app = express()
      app.set('views', join(import.meta.dirname, 'engines', folder))
      use(app)
      app.locals['shop'] = 'Shop'
      app.use(mail)
      return app
    }

    test('carries all locals escaped, the text view, the image, and not the layout of the site', async () => {
      const app = createApp()
      app.get('/', async (_req, res) => {
        res.locals['greeting'] = 'hi'
        res.json(await res.mail.render('receipt', { name: 'Ada & Bo' }, message))
      })
      await using server = await serve(app)

      await fetch(server.url)

      const { html, text, attachments } = await (
        await emulator.waitFor({ to: 'ada@example.net' })
      ).load()
      expect(html).toContain('<p>Hello Ada &amp; Bo, hi from Shop</p>')
      expect(html).toMatch(/src=["']cid:logo["']/)
      expect(html).not.toContain('<nav>')
      expect(text?.trim()).toBe('Text for Ada & Bo')
      expect(attachments).toMatchObject([{ contentId: 'logo', content: logo }])
    })

    test('rejects a view that is missing, and the request ends', async () => {
      const app = createApp()
      app.get('/', async (_req, res, next) => {
        try {
          res.json(await res.mail.render('missing', {}, message))
        } catch (error) {
          next(error)
        }
      })
      app.use((error: Error, _req: Request, res: Response, _next: NextFunction) => {
        res.status(500).send(error.message)
      })
      await using server = await serve(app)

      const response = await fetch(server.url)

      expect(response.status).toBe(500)
      expect(await response.text()).toContain('Failed to lookup view "missing"')
      expect(emulator.submissions).toEqual([])
    })
  })
})

test('a named layout goes around the HTML, and never around the text', async () => {
  const app = newest.express()
  app.set('views', join(import.meta.dirname, 'engines', 'ejs'))
  useEjs(app)
  app.use(layouts, mail)
  app.locals['shop'] = 'Shop'
  app.get('/', async (_req, res) => {
    res.locals['greeting'] = 'hi'
    const locals = { name: 'Ada', layout: 'mail-layout' }
    res.json(await res.mail.render('receipt', locals, message))
  })
  await using server = await serve(app)

  await fetch(server.url)

  const { html, text } = await (await emulator.waitFor({ to: 'ada@example.net' })).load()
  expect(html).toMatch(/^<main>[\s\S]*Hello Ada[\s\S]*<\/main>\s*$/)
  expect(text?.trim()).toBe('Text for Ada')
})

describe('the text of a rendered mail', () => {
  const { express } = newest
  const createApp = () => {
    const app = express()
    app.set('views', join(import.meta.dirname, 'engines', 'ejs'))
    useEjs(app)
    app.locals['shop'] = 'Shop'
    app.use(mail)
    return app
  }
  const sentText = async () => {
    const { text } = await (await emulator.waitFor({ to: 'ada@example.net' })).load()
    return text?.trim()
  }

  test('is made from the HTML without a view of its own', async () => {
    const app = createApp()
    app.get('/', async (_req, res) => {
      res.json(await res.mail.render('welcome', { name: 'Ada & Bo' }, message))
    })
    await using server = await serve(app)

    await fetch(server.url)

    expect(await sentText()).toBe('Welcome, Ada & Bo\n\nvisit us <https://shop.example.com/>')
  })

  test("is the message's own when it has one", async () => {
    const app = createApp()
    app.get('/', async (_req, res) => {
      res.locals['greeting'] = 'hi'
      const own = { ...message, text: 'My own.' }
      res.json(await res.mail.render('receipt', { name: 'Ada' }, own))
    })
    await using server = await serve(app)

    await fetch(server.url)

    expect(await sentText()).toBe('My own.')
  })

  test('rejects a text view that is broken', async () => {
    const app = createApp()
    app.get('/', async (_req, res) => {
      res.json(await res.mail.render('broken', {}, message).catch(({ name }: Error) => name))
    })
    await using server = await serve(app)

    expect(await (await fetch(server.url)).json()).toBe('Error')
    expect(emulator.submissions).toEqual([])
  })

  test('is there outside a request too: renderMail of an app', async () => {
    const bodies = await mail.renderMail(createApp(), 'welcome.ejs', { name: 'Ada' })

    expect(bodies.html).toContain('<h1>Welcome, Ada</h1>')
    expect(bodies.text).toBe('Welcome, Ada\n\nvisit us <https://shop.example.com/>')
  })
})
