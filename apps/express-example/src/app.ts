import { join } from 'node:path'
import {
  mailErrorHandler,
  mailgun,
  mailgunOptions,
  type MailerSource,
  type MailgunMiddleware,
} from '@mailgun-smtp/express'
import ejs from 'ejs'
import express, { type Express, Router } from 'express'

/** A small list of readers: one mail that the answer waits for, and one that follows it. */
export function createApp(source?: MailerSource): { app: Express; mail: MailgunMiddleware } {
  const mail = mailgun(source, {
    defaults: { track: false },
    onError: (error) => console.error('A mail after the answer failed.', error),
  })
  const app = express()
  app.engine('ejs', ejs.__express)
  app.set('view engine', 'ejs')
  app.set('views', join(import.meta.dirname, '..', 'views'))
  app.locals['list'] = 'The Readers'
  app.use(express.json(), mail, mailgunOptions({ tags: ['readers'] }))

  const readers = Router()
  readers.post('/', mailgunOptions({ tags: ['welcome'] }), async (req, res) => {
    const { name, email } = req.body as { name: string; email: string }
    const receipt = await res.mail.render(
      'welcome',
      { name },
      { from: 'Readers <hello@mg.example.com>', to: email, subject: `Welcome, ${name}` },
    )
    // The desk need not know before the reader has their answer, and not at all of what failed.
    res.mail.later(
      {
        from: 'Readers <hello@mg.example.com>',
        to: 'desk@example.com',
        subject: 'Somebody joined',
        text: `${name} joined.`,
      },
      { when: ({ statusCode }) => statusCode < 400 },
    )
    res.status(201).json({ messageId: receipt.messageId })
  })
  app.use('/readers', readers)
  app.use(mailErrorHandler())
  return { app, mail }
}
