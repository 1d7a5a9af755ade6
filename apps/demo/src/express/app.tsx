import { mailgun, type MailgunMiddleware } from '@mailgun-smtp/express'
import express, { type Express } from 'express'
import { guard } from '../shop/guard.ts'
import { renderPage } from '../shop/render-page.ts'
import { NotFound } from '../shop/not-found.tsx'
import type { Places } from '../shop/places.ts'
import { stylesheet } from '../shop/stylesheet.ts'
import { FrontPage } from './front-page.tsx'
import { newsletterPages } from './newsletter-page.tsx'
import { orderPages } from './order-page.tsx'
import { renderView } from './view-engine.ts'

/** The Express app of the shop: the front page, the order and the newsletter. */
export function createShop(places: Places): { app: Express; mail: MailgunMiddleware } {
  const app = express()
  const mail = mailgun()
  app.disable('x-powered-by')
  app.engine('html', renderView)
  app.set('view engine', 'html')
  app.set('views', 'src/express/views')
  app.use(guard('static'), stylesheet(), express.urlencoded({ extended: false }), mail)
  app.get('/', (_req, res) => res.send(renderPage(<FrontPage places={places} />)))
  app.use(orderPages(places), newsletterPages(places))
  app.use((_req, res) => res.status(404).send(renderPage(<NotFound places={places} />)))
  return { app, mail }
}
