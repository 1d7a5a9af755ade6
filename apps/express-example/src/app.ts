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
    const reader = readerIn(req.body)
    if (!reader) {
      res.status(400).json({ error: 'It takes a name, and one address.' })
      return
    }
    const { name, email } = reader
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

/** The reader that a visitor typed. Only a string is one address: with a list, the visitor would choose who gets the mail. */
function readerIn(body: unknown): { name: string; email: string } | undefined {
  const { name, email } = Object(body) as { name: unknown; email: unknown }
  const isReader =
    typeof name === 'string' && typeof email === 'string' && /^[^\s@,]+@[^\s@,]+$/.test(email)
  return isReader ? { name, email } : undefined
}
